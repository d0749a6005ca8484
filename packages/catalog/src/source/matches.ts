import type { GenaiModel, MatchClause } from "./genai-prices.ts";

const regexes = new Map<string, RegExp>();

const regexOf = (pattern: string): RegExp => {
  const known = regexes.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern);
  regexes.set(pattern, made);
  return made;
};

/** Whether a clause accepts a model id. Case counts. */
export const matches = (clause: MatchClause, id: string): boolean => {
  if ("equals" in clause) return id === clause.equals;
  if ("starts_with" in clause) return id.startsWith(clause.starts_with);
  if ("ends_with" in clause) return id.endsWith(clause.ends_with);
  if ("contains" in clause) return id.includes(clause.contains);
  if ("regex" in clause) return regexOf(clause.regex).test(id);
  if ("or" in clause) return clause.or.some((part) => matches(part, id));
  return clause.and.every((part) => matches(part, id));
};

/** The first model whose clause accepts the id as it is, else the first that accepts it lower-cased. */
export const findMatch = (models: readonly GenaiModel[], id: string): GenaiModel | null => {
  const lower = id.toLowerCase();
  return (
    models.find((model) => matches(model.match, id)) ??
    (lower === id ? null : (models.find((model) => matches(model.match, lower)) ?? null))
  );
};

/** Every id that a clause names in full. */
export const namedIds = (clause: MatchClause): readonly string[] => {
  if ("equals" in clause) return [clause.equals];
  if ("or" in clause) return clause.or.flatMap(namedIds);
  return [];
};
