import { entryOf } from "../state/entry-of.ts";
import { learnOutputLength, newOutputLength } from "./output-length.ts";
import type { AnswerLength, OutputLength } from "./output-length.ts";

/**
 * Lengths of answers by hint ("" = answers of any kind), workspace and model. Mutated by `learnAnswer`
 * only, which keeps their number bounded.
 */
export type OutputLengths = {
  /** Laws there are. */
  size: number;
  laws: Map<string, Map<string, Map<string, OutputLength>>>;
};

/** Hint, workspace, model, and their law. */
export type LengthRow = readonly [string, string, string, OutputLength];

/** Whose answer, of which kind. */
export type AnswerOf = {
  readonly workspace: string;
  readonly outputHint?: string | undefined;
};

/** Hint of the law that all answers teach. */
const ANY = "";
/** Share that stays when the table is full: making room is rare. */
const KEPT = 0.75;

export const lengthRows = ({ laws }: OutputLengths): readonly LengthRow[] =>
  [...laws].flatMap(([hint, workspaces]) =>
    [...workspaces].flatMap(([workspace, models]) =>
      Array.from(models, ([model, law]): LengthRow => [hint, workspace, model, law]),
    ),
  );

const enter = (
  lengths: OutputLengths,
  [hint, workspace, model]: readonly [string, string, string],
  create: () => OutputLength,
): OutputLength => {
  const workspaces = entryOf(lengths.laws, hint, () => new Map());
  const models = entryOf(workspaces, workspace, () => new Map());
  return entryOf(models, model, () => {
    lengths.size += 1;
    return create();
  });
};

/** A table of these laws. */
export const lengthsOfRows = (rows: readonly LengthRow[]): OutputLengths => {
  const lengths: OutputLengths = { size: 0, laws: new Map() };
  for (const [hint, workspace, model, law] of rows)
    enter(lengths, [hint, workspace, model], () => law);
  return lengths;
};

/** The law of a kind of answer, failing that of any; `undefined` = nothing is known. */
export const lengthOf = (
  { laws }: OutputLengths,
  { workspace, outputHint = ANY }: AnswerOf,
  model: string,
): OutputLength | undefined =>
  laws.get(outputHint)?.get(workspace)?.get(model) ?? laws.get(ANY)?.get(workspace)?.get(model);

/**
 * Takes an answer's length into the law of its kind and into that of any kind, which is the prior of the
 * former. Of more than `limit` laws those taught longest ago are forgotten.
 */
export const learnAnswer = (
  lengths: OutputLengths,
  answer: AnswerOf & { readonly model: string; readonly tokens: number; readonly nowMs: number },
  { prior, limit }: { readonly prior: AnswerLength; readonly limit: number },
): void => {
  const { workspace, model, outputHint = ANY } = answer;
  const any = enter(lengths, [ANY, workspace, model], () => newOutputLength(prior));
  learnOutputLength(any, answer, prior);
  if (outputHint !== ANY) {
    const own = enter(lengths, [outputHint, workspace, model], () => newOutputLength(any));
    learnOutputLength(own, answer, any);
  }
  if (lengths.size <= limit) return;
  const latestFirst = lengthRows(lengths).toSorted(([, , , a], [, , , b]) => b.atMs - a.atMs);
  Object.assign(lengths, lengthsOfRows(latestFirst.slice(0, Math.ceil(limit * KEPT))));
};

/** Laws of both; of what both know the better informed one, whole. */
export const mergeOutputLengths = (
  a: OutputLengths,
  b: OutputLengths,
  better: (x: OutputLength, y: OutputLength) => OutputLength,
): OutputLengths => {
  const merged = lengthsOfRows(lengthRows(a));
  for (const [hint, workspace, model, law] of lengthRows(b)) {
    const known = enter(merged, [hint, workspace, model], () => law);
    merged.laws.get(hint)?.get(workspace)?.set(model, better(known, law));
  }
  return merged;
};
