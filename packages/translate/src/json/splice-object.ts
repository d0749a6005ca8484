import { stringifyAscii } from "../bytes/raw-body.ts";
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

/** For every key the member that counts, the last. */
const lastOfKey = (spans: TopLevelSpans): ReadonlyMap<string, TopLevelSpan> => {
  const last = new Map<string, TopLevelSpan>();
  for (const span of spans) last.set(span.key, span);
  return last;
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
  const moved = new Set<string>();
  let renamed = "";
  for (const from in rename) {
    const to = rename[from] ?? from;
    const span = last.get(from);
    if (span === undefined || drop(span) || Object.hasOwn(set, from)) continue;
    if (!Object.hasOwn(set, to)) {
      renamed += `,${stringifyAscii(to)}:${json.slice(span.valueStart, span.valueEnd)}`;
    }
    moved.add(from).add(to);
  }
  let out = "{";
  // Neighbours that stay are cut out together.
  let start = -1;
  let end = -1;
  for (const span of spans) {
    const { key } = span;
    const gone = Object.hasOwn(set, key) || moved.has(key) || last.get(key) !== span || drop(span);
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
  for (const key in set) out += `${comma(out)}${stringifyAscii(key)}:${set[key] ?? "null"}`;
  return `${out}}`;
};
