import { encodeUtf8 } from "../bytes/utf8.ts";
import type { TopLevelSpan, TopLevelSpans } from "./top-level-spans.ts";

/** Edits of a JSON object's members; `set` beats `drop`, which beats `rename`. */
export type ObjectEdits = {
  /** Members to cut. */
  readonly drop?: Iterable<string>;
  /** New raw JSON value by key; such members stand last. */
  readonly set?: Readonly<Record<string, string>>;
  /** New key by old key; a member that already has the new key is cut. */
  readonly rename?: Readonly<Record<string, string>>;
};

/** Adjacent members that are kept as they are. */
type Run = { start: number; end: number };

const COMMA = 0x2c;

/** For every key the place of the member that counts, the last. */
const placesOf = (spans: TopLevelSpans): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  for (let place = 0; place < spans.length; place++) places.set(spans[place]?.key ?? "", place);
  return places;
};

const textOf = (members: Iterable<readonly [string, string]>): string => {
  let text = "";
  for (const [key, value] of members) {
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${value}`;
  }
  return text;
};

const assemble = (
  body: Uint8Array,
  runs: readonly Run[],
  moved: readonly Uint8Array[],
): Uint8Array => {
  const parts = [...runs.map(({ start, end }) => body.subarray(start, end)), ...moved];
  let length = 2 + Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  out[0] = 0x7b;
  let at = 1;
  for (const part of parts) {
    if (at > 1) out[at++] = COMMA;
    out.set(part, at);
    at += part.length;
  }
  out[at] = 0x7d;
  return out;
};

/** A member's value under another key. */
const renameMember = (body: Uint8Array, span: TopLevelSpan, key: string): Uint8Array => {
  const head = encodeUtf8(`${JSON.stringify(key)}:`);
  const out = new Uint8Array(head.length + span.valueEnd - span.valueStart);
  out.set(head);
  out.set(body.subarray(span.valueStart, span.valueEnd), head.length);
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
  const places = placesOf(spans);
  const gone = new Set(drop);
  for (const key of Object.keys(set)) gone.add(key);
  const moved: Uint8Array[] = [];
  for (const [from, to] of Object.entries(rename)) {
    const span = spans[places.get(from) ?? -1];
    if (span === undefined || gone.has(from)) continue;
    if (!Object.hasOwn(set, to)) moved.push(renameMember(body, span, to));
    gone.add(from).add(to);
  }
  const runs: Run[] = [];
  let open: Run | null = null;
  for (let place = 0; place < spans.length; place++) {
    const span = spans[place];
    if (span === undefined || gone.has(span.key) || places.get(span.key) !== place) {
      open = null;
    } else if (open === null) {
      open = { start: span.keyStart, end: span.valueEnd };
      runs.push(open);
    } else {
      open.end = span.valueEnd;
    }
  }
  const added = textOf(Object.entries(set));
  if (added !== "") moved.push(encodeUtf8(added));
  return assemble(body, runs, moved);
};
