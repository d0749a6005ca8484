import { stringifyAscii } from "../bytes/raw-body.ts";
import { findSpan } from "./top-level-spans.ts";
import type { TopLevelSpan, TopLevelSpans } from "./top-level-spans.ts";

/** Edits of a JSON object's members; `set` beats `drop`, which beats `rename`. */
export type ObjectEdits = {
  /** Whether to cut a member. */
  readonly drop?: (span: TopLevelSpan) => boolean;
  /** New raw JSON value by key, in ASCII; such members stand last. */
  readonly set?: Readonly<Record<string, string>>;
  /** New key by old key; a member that already has the new key is cut. */
  readonly rename?: Readonly<Record<string, string>>;
};

const noEdits: Readonly<Record<string, string>> = {};

const keepAll = (): boolean => false;

/** Up to so many members a look at all of them is quicker than a map. */
const FEW_MEMBERS = 32;

/** For every key the member that counts, the last; `null` where they are few. */
const lastOfKey = (spans: TopLevelSpans): ReadonlyMap<string, TopLevelSpan> | null => {
  if (spans.length <= FEW_MEMBERS) return null;
  const last = new Map<string, TopLevelSpan>();
  for (const span of spans) last.set(span.key, span);
  return last;
};

const isShadowed = (spans: TopLevelSpans, at: number, key: string): boolean => {
  for (let later = at + 1; later < spans.length; later += 1) {
    if (spans[later]?.key === key) return true;
  }
  return false;
};

/** Keys that are set are a few of our own: each is quoted once. */
const quotedKeys = new Map<string, string>();
const MOST_QUOTED_KEYS = 256;

const quoted = (key: string): string => {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const made = stringifyAscii(key);
  if (quotedKeys.size < MOST_QUOTED_KEYS) quotedKeys.set(key, made);
  return made;
};

const comma = (json: string): string => (json === "{" ? "" : ",");

/**
 * A copy of the JSON object in `json`, byte text, with some members cut, replaced or renamed. What is
 * kept is copied as it is; of duplicate keys the last is kept, as JSON.parse does.
 */
export const spliceObject = (
  json: string,
  spans: TopLevelSpans,
  { drop = keepAll, set = noEdits, rename = noEdits }: ObjectEdits,
): string => {
  const last = lastOfKey(spans);
  const moved: string[] = [];
  let renamed = "";
  for (const from in rename) {
    const to = rename[from] ?? from;
    const span = last === null ? findSpan(spans, from) : last.get(from);
    if (span === undefined || drop(span) || Object.hasOwn(set, from)) continue;
    if (!Object.hasOwn(set, to)) {
      renamed += `,${stringifyAscii(to)}:${json.slice(span.valueStart, span.valueEnd)}`;
    }
    moved.push(from, to);
  }
  let out = "{";
  // Neighbours that stay are cut out together.
  let start = -1;
  let end = -1;
  let at = -1;
  for (const span of spans) {
    at += 1;
    const { key } = span;
    const shadowed = last === null ? isShadowed(spans, at, key) : last.get(key) !== span;
    const gone = Object.hasOwn(set, key) || moved.includes(key) || shadowed || drop(span);
    if (gone && start !== -1) {
      out += comma(out) + json.slice(start, end);
      start = -1;
    }
    if (gone) continue;
    if (start === -1) start = span.keyStart;
    end = span.valueEnd;
  }
  if (start !== -1) out += comma(out) + json.slice(start, end);
  if (renamed !== "") out += out === "{" ? renamed.slice(1) : renamed;
  for (const key in set) out += `${comma(out)}${quoted(key)}:${set[key] ?? "null"}`;
  return `${out}}`;
};
