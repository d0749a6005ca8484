import { renewHealth } from "../state/renew-columns.ts";
import type { Learned, RouterState } from "../state/router-state.ts";
import { enterSlot, slotOf } from "../state/slots.ts";
import { restEndMs } from "./rest.ts";
import type { AccountRest } from "./rest.ts";

/** A reason not to try something until a moment, as one replica tells it to another. Times are Unix ms. */
export type KnownRest =
  | {
      readonly kind: "breaker";
      readonly offeringId: string;
      readonly untilMs: number;
      readonly restMs: number;
    }
  | {
      readonly kind: "asked" | "model";
      readonly offeringId: string;
      readonly credentialId: string;
      readonly untilMs: number;
      /** Of what was asked for. */
      readonly cause?: AccountRest["retryAfterCause"];
    }
  | { readonly kind: "credential"; readonly credentialId: string; readonly untilMs: number };

/** What rests at a moment: offerings by their breakers, accounts, credentials. Callers' own accounts are left out. */
export const knownRests = ({ learned }: RouterState, nowMs: number): readonly KnownRest[] => {
  const rests: KnownRest[] = [];
  for (const { offering, health } of learned.rows) {
    const { breaker } = health;
    if (breaker.state !== "open" || breaker.untilMs <= nowMs) continue;
    const { untilMs, restMs } = breaker;
    rests.push({ kind: "breaker", offeringId: offering.id, untilMs, restMs });
  }
  const { slots } = learned;
  for (const [slot, rest] of slots.rests.entries()) {
    const offeringId = learned.rows[slots.offering[slot] ?? -1]?.offering.id;
    if (offeringId === undefined || slots.byok[slot] === 1 || restEndMs(rest) <= nowMs) continue;
    const account = { offeringId, credentialId: slots.credential[slot] ?? "" };
    const { retryAfterMs, retryAfterCause: cause, modelUntilMs } = rest;
    if (retryAfterMs > nowMs)
      rests.push({ kind: "asked", ...account, untilMs: retryAfterMs, cause });
    if (modelUntilMs > nowMs) rests.push({ kind: "model", ...account, untilMs: modelUntilMs });
  }
  for (const [credentialId, untilMs] of learned.deadCredentials) {
    if (untilMs > nowMs) rests.push({ kind: "credential", credentialId, untilMs });
  }
  return rests;
};

type AccountKnown = Extract<KnownRest, { kind: "asked" | "model" }>;

const heedAccount = (learned: Learned, row: number, known: AccountKnown, limit: number): void => {
  const { slots } = learned;
  const isNew = slotOf(slots, row, known.credentialId) < 0;
  // What is heard never drives out what was seen.
  if (isNew && slots.offering.length >= limit) return;
  const slot = enterSlot(slots, row, known.credentialId, learned.rows[row]?.limits !== null);
  const rest = slots.rests[slot];
  if (rest === undefined) return;
  if (known.kind === "model") {
    rest.modelUntilMs = Math.max(rest.modelUntilMs, known.untilMs);
  } else if (known.untilMs > rest.retryAfterMs) {
    rest.retryAfterMs = known.untilMs;
    rest.retryAfterCause = known.cause ?? "rate";
  }
  slots.restUntilMs[slot] = restEndMs(rest);
};

/** Takes over a rest that another replica told of: it is only ever extended, and a trial in flight stays. */
export const heedRest = (state: RouterState, known: KnownRest, nowMs: number): void => {
  const { learned, options } = state;
  if (known.untilMs <= nowMs) return;
  if (known.kind === "credential") {
    const { deadCredentials: dead } = learned;
    dead.set(known.credentialId, Math.max(dead.get(known.credentialId) ?? 0, known.untilMs));
    return;
  }
  const track = learned.tracks.get(known.offeringId);
  if (track === undefined) return;
  if (known.kind !== "breaker") {
    heedAccount(learned, track.row, known, options.accountEntries);
    return;
  }
  const { breaker } = track.health;
  const { untilMs, restMs } = known;
  if (breaker.state === "half_open" || (breaker.state === "open" && breaker.untilMs >= untilMs))
    return;
  const trialSinceMs = breaker.state === "open" ? breaker.trialSinceMs : null;
  track.health.breaker = { state: "open", untilMs, restMs, trialSinceMs };
  renewHealth(learned.columns, track);
};
