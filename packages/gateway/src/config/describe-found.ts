import type { ConfigPath } from "./config-path.ts";

/** Keys whose values are secrets, wherever they stand. */
export const secretKeys: ReadonlySet<string> = new Set(["key", "apiKey", "apiKeys"]);

const longestShown = 60;

const isSecretPath = (path: ConfigPath): boolean =>
  path.some((segment) => typeof segment === "string" && secretKeys.has(segment));

const kindOf = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return "a text";
  return typeof value === "boolean" ? "a boolean" : "a number";
};

/** Credentials and queries of URLs are left out. */
const quoteText = (text: string): string => {
  const safe = text.replace(/\/\/[^/\s]*@/, "//…@").replace(/\?.*/s, "?…");
  return JSON.stringify(safe.length > longestShown ? `${safe.slice(0, longestShown)}…` : safe);
};

/**
 * What a fault says of the value it found. A value under a secret key, and a text where a map or a
 * list belongs (it may be a key put one level too high), is named by its kind alone.
 */
export const describeFound = (options: {
  readonly path: ConfigPath;
  readonly value: unknown;
  /** The text as the file has it, before variables were put in. */
  readonly source: string | undefined;
  readonly expected: string;
}): string => {
  const { path, value, source, expected } = options;
  const collectionExpected = expected.startsWith("a map") || expected.startsWith("a list");
  if (collectionExpected) return kindOf(value);
  if (isSecretPath(path)) return value === "" ? "an empty text" : kindOf(value);
  if (typeof value === "string") return quoteText(source ?? value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return kindOf(value);
};
