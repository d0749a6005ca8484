import { encodeUtf8 } from "../bytes/utf8.ts";
import type { TopLevelSpan, TopLevelSpans } from "./top-level-spans.ts";

/** Edits of a JSON object's members; `set` beats `rename`, which beats what stood there. */
export type ObjectEdits = {
  /** Members to cut. */
  readonly drop?: Iterable<string>;
  /** New raw JSON value by key; written in place, or at the end if the key is new. */
  readonly set?: Readonly<Record<string, string>>;
  /** New key by old key; a member that already has the new key is cut. */
  readonly rename?: Readonly<Record<string, string>>;
};

type Piece = Uint8Array | string;

const own = (record: Readonly<Record<string, string>> | undefined, key: string): string | null =>
  record !== undefined && Object.hasOwn(record, key) ? (record[key] ?? null) : null;

const lastByKey = (spans: TopLevelSpans): ReadonlyMap<string, TopLevelSpan> =>
  new Map(spans.map((span) => [span.key, span]));

const join = (members: readonly (readonly Piece[])[]): Uint8Array => {
  const chunks: Uint8Array[] = [];
  for (const [index, pieces] of members.entries()) {
    let head = index === 0 ? "{" : ",";
    for (const piece of pieces) {
      if (typeof piece === "string") {
        head += piece;
        continue;
      }
      chunks.push(encodeUtf8(head), piece);
      head = "";
    }
    chunks.push(encodeUtf8(head));
  }
  chunks.push(encodeUtf8(members.length === 0 ? "{}" : "}"));
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
};

/**
 * A copy of the JSON object in `body` with some members cut, replaced or renamed. What is kept is
 * copied byte for byte; of duplicate keys the last is kept, as JSON.parse does.
 */
export const spliceObject = (
  body: Uint8Array,
  spans: TopLevelSpans,
  { drop = [], set = {}, rename = {} }: ObjectEdits,
): Uint8Array => {
  const dropped = new Set(drop);
  const members: (readonly Piece[])[] = [];
  const counting = lastByKey(spans);
  const renamed = new Set(
    Object.keys(rename)
      .filter((from) => counting.has(from) && !dropped.has(from))
      .map((from) => rename[from]),
  );
  const written = new Set<string>();
  for (const span of counting.values()) {
    const { key } = span;
    if (dropped.has(key)) continue;
    const newKey = own(rename, key);
    if (newKey === null && renamed.has(key)) continue;
    const finalKey = newKey ?? key;
    const value = own(set, finalKey);
    written.add(finalKey);
    if (newKey === null && value === null) {
      members.push([body.subarray(span.keyStart, span.valueEnd)]);
    } else {
      const raw = value ?? body.subarray(span.valueStart, span.valueEnd);
      members.push([`${JSON.stringify(finalKey)}:`, raw]);
    }
  }
  for (const [key, value] of Object.entries(set)) {
    if (!written.has(key)) members.push([`${JSON.stringify(key)}:${value}`]);
  }
  return join(members);
};
