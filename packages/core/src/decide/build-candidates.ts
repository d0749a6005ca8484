import { BuiltCandidate } from "./built-candidate.ts";
import type { Known } from "./built-candidate.ts";
import { ACCOUNT, GROUP, ROW, cell } from "./scratch.ts";
import type { Credential } from "../offering/offering.ts";
import { MOST_CANDIDATES, placed } from "../strategy/place.ts";
import type { Candidate } from "./decision.ts";
import { directiveOf } from "./directive-of.ts";
import { isFree, LAST_RESORT } from "./choose-account.ts";
import type { Evaluation } from "./evaluate.ts";

/** What the candidates of each model are told from. */
const knownsOf = ({ request, nowMs, groups }: Evaluation): readonly Known[] => {
  const knowns: Known[] = [];
  const maxOutputTokens = request.maxOutputTokens ?? Infinity;
  for (const { prompt, output } of groups)
    knowns.push({ nowMs, prompt, outputP95: output.p95, maxOutputTokens });
  return knowns;
};

const candidateOf = (
  evaluation: Evaluation,
  k: number,
  of: { readonly credential: Credential; readonly knowns: readonly Known[] },
): Candidate => {
  // Written out, since an imported name is read anew at every use.
  const CACHED = 7;
  const CELLS = 32;
  const DIRECTIVE = 21;
  const GROUP = 3;
  const NOW = 8;
  const OFFERING_MS_PER_TOKEN = 15;
  const OFFERING_NUMBERS = 20;
  const RANK = 4;
  const ROW = 0;
  const SCORE = 18;
  const TTFT = 13;
  const { columns, rows } = evaluation.state.learned;
  const { numbers } = columns;
  const { cells } = evaluation.scratch;
  const at = k * CELLS;
  const row = cells[at + ROW] ?? 0;
  const track = rows[row];
  const known = of.knowns[cells[at + GROUP] ?? 0];
  if (track === undefined || known === undefined) throw new RangeError(`no offering in row ${row}`);
  return new BuiltCandidate(
    track.offering,
    of.credential,
    (cells[at + RANK] ?? 0) >= LAST_RESORT,
    (cells[at + DIRECTIVE] ?? 0) === 0 ? null : directiveOf(evaluation, k),
    known,
    [
      cells[at + SCORE] ?? 0,
      cells[at + NOW] ?? 0,
      cells[at + TTFT] ?? 0,
      numbers[row * OFFERING_NUMBERS + OFFERING_MS_PER_TOKEN] ?? 0,
      cells[at + CACHED] ?? 0,
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
  const knowns = knownsOf(evaluation);
  const candidates: Candidate[] = [];
  forEachPlaced(evaluation, length, (k, credential) => {
    candidates.push(candidateOf(evaluation, k, { credential, knowns }));
  });
  return candidates;
};
