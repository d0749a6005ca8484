import type { Credential } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { Learned } from "../state/router-state.ts";
import { slotOf } from "../state/slots.ts";

/** An account at an offering, with its slot once it was used, -1 before. */
export type PlannedAccount = { readonly credential: Credential; readonly slot: number };

/**
 * The accounts a list of credentials means at every offering, own keys first, else in the caller's
 * order. Worked out once per list; good as long as list, columns and number of slots are the same.
 */
export type AccountPlan = {
  /** Copy of the list it was made from. */
  readonly credentials: readonly Credential[];
  readonly columns: Learned["columns"];
  readonly slots: Learned["slots"];
  readonly slotCount: number;
  /** Per row: how many accounts, and the slot of the first. */
  readonly counts: Int32Array;
  readonly firstSlot: Int32Array;
  /** Per row. */
  readonly accounts: readonly (readonly PlannedAccount[])[];
};

type Mode = "all" | "byok" | "platform" | "none";

/** Plans by list; the lists are the caller's, and a plan goes when its list does. */
const plans = new WeakMap<readonly Credential[], Partial<Record<Mode, AccountPlan>>>();

const modeOf = ({ onlyByok, onlyPlatform }: RoutingRequest["constraints"]): Mode => {
  if (onlyByok === true) return onlyPlatform === true ? "none" : "byok";
  return onlyPlatform === true ? "platform" : "all";
};

const makePlan = (
  learned: Learned,
  credentials: readonly Credential[],
  mode: Mode,
): AccountPlan => {
  const { columns, slots, rows } = learned;
  const usable = credentials.filter(({ owner }) => mode === "all" || owner === mode);
  const ordered = [
    ...usable.filter(({ owner }) => owner === "byok"),
    ...usable.filter(({ owner }) => owner === "platform"),
  ];
  const byProvider = Map.groupBy(ordered, ({ provider }) => provider);
  const accounts = rows.map(({ offering, row }) =>
    (byProvider.get(offering.provider) ?? []).map((credential) => ({
      credential,
      slot: slotOf(slots, row, credential.id),
    })),
  );
  return {
    credentials: [...credentials],
    columns,
    slots,
    slotCount: slots.offering.length,
    counts: Int32Array.from(accounts, ({ length }) => length),
    firstSlot: Int32Array.from(accounts, ([first]) => first?.slot ?? -1),
    accounts,
  };
};

const isGood = (plan: AccountPlan, learned: Learned, list: readonly Credential[]): boolean => {
  if (plan.columns !== learned.columns || plan.slots !== learned.slots) return false;
  if (plan.slotCount !== learned.slots.offering.length) return false;
  const { credentials } = plan;
  if (credentials.length !== list.length) return false;
  // A caller may have changed its list in place.
  for (let index = 0; index < list.length; index += 1) {
    if (credentials[index] !== list[index]) return false;
  }
  return true;
};

/** The plan of a request's credentials; made anew only where the last one no longer holds. */
export const accountPlan = (learned: Learned, request: RoutingRequest): AccountPlan => {
  const { credentials } = request;
  const mode = modeOf(request.constraints);
  const known = plans.get(credentials);
  const plan = known?.[mode];
  if (plan !== undefined && isGood(plan, learned, credentials)) return plan;
  const made = makePlan(learned, credentials, mode);
  if (known === undefined) plans.set(credentials, { [mode]: made });
  else known[mode] = made;
  return made;
};
