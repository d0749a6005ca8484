import { copyOutputLength, learnOutputLength, newOutputLength } from "./output-length.ts";
import type { AnswerLength, OutputLength } from "./output-length.ts";

/** Answers of one workspace at one model: of any kind, and of each hint. */
export type ModelLengths = {
  readonly all: OutputLength;
  readonly byHint: Map<string, OutputLength>;
};

/**
 * Lengths of answers by workspace, model and hint, of bounded number; what was taught longest ago goes
 * first. Mutated by `learnAnswer` only.
 */
export type OutputLengths = {
  /** Most laws, each hint counting as one. */
  readonly limit: number;
  /** Laws there are. */
  size: number;
  /** Workspace -> model. */
  readonly byWorkspace: Map<string, Map<string, ModelLengths>>;
};

/** One law with what it is of; `hint` `null` = answers of any kind. */
export type LengthRow = {
  readonly workspace: string;
  readonly model: string;
  readonly hint: string | null;
  readonly length: OutputLength;
};

/** Whose answer, of which kind. */
export type AnswerOf = {
  readonly workspace: string;
  readonly outputHint?: string | undefined;
};

/** Share that stays when the table is full: making room is rare. */
const KEPT = 0.75;

export const newOutputLengths = (limit: number): OutputLengths => ({
  limit,
  size: 0,
  byWorkspace: new Map(),
});

/** The law of a hint's answers, failing that of all answers; `undefined` = nothing is known. */
export const lengthOf = (
  lengths: OutputLengths,
  of: AnswerOf,
  model: string,
): OutputLength | undefined => {
  const known = lengths.byWorkspace.get(of.workspace)?.get(model);
  if (known === undefined || of.outputHint === undefined) return known?.all;
  return known.byHint.get(of.outputHint) ?? known.all;
};

/** Every law, in order of workspace, model and hint; the one of any kind first. */
export const lengthRows = (lengths: OutputLengths): readonly LengthRow[] => {
  const rows: LengthRow[] = [];
  const sorted = <Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] =>
    [...map].sort(([a], [b]) => Number(a > b) - Number(a < b));
  for (const [workspace, models] of sorted(lengths.byWorkspace)) {
    for (const [model, { all, byHint }] of sorted(models)) {
      rows.push({ workspace, model, hint: null, length: all });
      for (const [hint, length] of sorted(byHint)) rows.push({ workspace, model, hint, length });
    }
  }
  return rows;
};

/** A table of these laws, copied; a hint's law without that of any kind is left out. */
export const lengthsOfRows = (limit: number, rows: readonly LengthRow[]): OutputLengths => {
  const lengths = newOutputLengths(limit);
  for (const { workspace, model, hint, length } of rows) {
    const models = lengths.byWorkspace.get(workspace) ?? new Map<string, ModelLengths>();
    lengths.byWorkspace.set(workspace, models);
    if (hint === null) models.set(model, { all: copyOutputLength(length), byHint: new Map() });
    else models.get(model)?.byHint.set(hint, copyOutputLength(length));
    if (hint === null || models.has(model)) lengths.size += 1;
  }
  return lengths;
};

export const copyOutputLengths = (lengths: OutputLengths): OutputLengths =>
  lengthsOfRows(lengths.limit, lengthRows(lengths));

/** Forgets what was taught longest ago; the hints of a workspace and model go with their common law. */
const makeRoom = (lengths: OutputLengths): void => {
  const ages = lengthRows(lengths).map(({ length }) => length.atMs);
  ages.sort((a, b) => b - a);
  const oldestMs = ages[Math.floor(lengths.limit * KEPT)] ?? 0;
  for (const [workspace, models] of lengths.byWorkspace) {
    for (const [model, { all, byHint }] of models) {
      for (const [hint, { atMs }] of byHint) {
        if (atMs <= oldestMs && byHint.delete(hint)) lengths.size -= 1;
      }
      if (all.atMs > oldestMs) continue;
      models.delete(model);
      lengths.size -= 1 + byHint.size;
    }
    if (models.size === 0) lengths.byWorkspace.delete(workspace);
  }
};

/** Takes an answer's length into the law of its kind and into that of all of its workspace and model. */
export const learnAnswer = (
  lengths: OutputLengths,
  answer: AnswerOf & { readonly model: string; readonly tokens: number; readonly nowMs: number },
  prior: AnswerLength,
): void => {
  const { workspace, model, outputHint } = answer;
  // One answer makes two laws at most.
  if (lengths.size + 2 > lengths.limit) {
    const law = lengths.byWorkspace.get(workspace)?.get(model);
    const isKnown = law !== undefined && (outputHint === undefined || law.byHint.has(outputHint));
    if (!isKnown) makeRoom(lengths);
  }
  let models = lengths.byWorkspace.get(workspace);
  if (models === undefined) {
    models = new Map();
    lengths.byWorkspace.set(workspace, models);
  }
  let known = models.get(model);
  if (known === undefined) {
    known = { all: newOutputLength(prior), byHint: new Map() };
    models.set(model, known);
    lengths.size += 1;
  }
  learnOutputLength(known.all, answer, prior);
  if (outputHint === undefined) return;
  let own = known.byHint.get(outputHint);
  if (own === undefined) {
    own = newOutputLength(known.all);
    known.byHint.set(outputHint, own);
    lengths.size += 1;
  }
  // All answers of the workspace are the prior of one kind's.
  learnOutputLength(own, answer, known.all);
};

/** Laws of both; of what both know the better informed one, whole. */
export const mergeOutputLengths = (
  a: OutputLengths,
  b: OutputLengths,
  better: (x: OutputLength, y: OutputLength) => OutputLength,
): OutputLengths => {
  const rows = new Map<string, LengthRow>();
  for (const row of [...lengthRows(a), ...lengthRows(b)]) {
    const key = JSON.stringify([row.workspace, row.model, row.hint]);
    const other = rows.get(key);
    rows.set(key, other === undefined ? row : { ...row, length: better(other.length, row.length) });
  }
  // A law of any kind comes before its hints' on either side, so it does here.
  return lengthsOfRows(a.limit, [...rows.values()]);
};
