import { BuiltCandidate } from "./built-candidate.ts";
import { OFFERING_MAX_OUTPUT, OFFERING_MS_PER_TOKEN, numberOf } from "../state/columns.ts";
import { ACCOUNT, CACHED, GROUP, NOW, RANK, ROW, SCORE, TTFT, cell, DIRECTIVE } from "./scratch.ts";
import type { Credential } from "../offering/offering.ts";
import { MOST_CANDIDATES, placed } from "../strategy/place.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { directiveOf } from "./directive-of.ts";
import type { Candidate } from "./decision.ts";
import { isFree, LAST_RESORT } from "./evaluate.ts";
import type { Evaluation } from "./evaluate.ts";

const candidateOf = (evaluation: Evaluation, k: number, credential: Credential): Candidate => {
  const { state, request, nowMs, scratch: s, groups } = evaluation;
  const { columns: c, rows, outputPrior } = state.learned;
  const i = cell(s, k, ROW);
  const track = rows[i];
  const group = groups[cell(s, k, GROUP)];
  if (track === undefined || group === undefined) throw new RangeError(`no offering in row ${i}`);
  const cap = Math.min(request.maxOutputTokens ?? Infinity, numberOf(c, i, OFFERING_MAX_OUTPUT));
  return new BuiltCandidate(
    track.offering,
    credential,
    cell(s, k, RANK) >= LAST_RESORT,
    cell(s, k, DIRECTIVE) === 0 ? null : directiveOf(evaluation, k),
    [
      cell(s, k, SCORE),
      cell(s, k, NOW),
      cell(s, k, TTFT),
      numberOf(c, i, OFFERING_MS_PER_TOKEN),
      cell(s, k, CACHED),
      group.prompt.tokens,
      group.prompt.tokensHigh,
      wholeTokens((group.output ?? outputPrior).p95, cap),
      nowMs,
    ],
  );
};

/** Calls `each` for every candidate in order of trial: an offering's accounts follow each other. */
export const forEachPlaced = (
  evaluation: Evaluation,
  length: number,
  each: (k: number, credential: Credential) => void,
): void => {
  const { state, plan, nowMs, scratch: s, groups } = evaluation;
  let total = 0;
  for (let at = 0; at < length && total < MOST_CANDIDATES; at += 1) {
    const k = placed[at] ?? 0;
    const i = cell(s, k, ROW);
    const accounts = plan.accounts[i] ?? [];
    const chosen = accounts[cell(s, k, ACCOUNT)];
    if (chosen === undefined) continue;
    each(k, chosen.credential);
    total += 1;
    if (accounts.length === 1) continue;
    const promptTokens = groups[cell(s, k, GROUP)]?.prompt.tokens ?? 0;
    for (const other of accounts) {
      if (other === chosen || total >= MOST_CANDIDATES) continue;
      const account = { row: i, slot: other.slot, credentialId: other.credential.id };
      if (!isFree(state.learned, account, { nowMs, promptTokens })) continue;
      each(k, other.credential);
      total += 1;
    }
  }
};

/** The candidates as values of their own: nothing in them changes when the state does. */
export const buildCandidates = (evaluation: Evaluation, length: number): readonly Candidate[] => {
  const candidates: Candidate[] = [];
  const { plan, scratch } = evaluation;
  let isSimple = true;
  for (let at = 0; at < length; at += 1) {
    const k = placed[at] ?? 0;
    const accounts = plan.accounts[cell(scratch, k, ROW)];
    const only = accounts?.[0];
    if (accounts?.length !== 1 || only === undefined) {
      isSimple = false;
      break;
    }
    candidates.push(candidateOf(evaluation, k, only.credential));
  }
  if (isSimple) return candidates;
  candidates.length = 0;
  forEachPlaced(evaluation, length, (k, credential) => {
    candidates.push(candidateOf(evaluation, k, credential));
  });
  return candidates;
};
