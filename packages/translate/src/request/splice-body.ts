import { spliceObject } from "../json/splice-object.ts";
import type { TopLevelSpan } from "../json/top-level-spans.ts";
import type { CallerRequest } from "./caller-request.ts";

/** First character of `null`, which means absent. */
const NULL_START = 0x6e;

/** What of a caller's body goes on as it is, and what is written over it. */
export type BodySplice = {
  /** Fields that are carried. */
  readonly fields: ReadonlySet<string>;
  /** Fields that are ours alone, or written anew. */
  readonly replaced: ReadonlySet<string>;
  /** Fields the offering does not take. */
  readonly dropped: readonly string[];
  /** Raw JSON by field, in ASCII. */
  readonly set: Readonly<Record<string, string>>;
};

/** The upstream body as byte text, cut and pasted from the caller's; what is kept is copied byte for byte. */
export const spliceBody = (
  request: CallerRequest,
  { fields, replaced, dropped, set }: BodySplice,
): string => {
  const { byteText } = request.body;
  const drop = ({ key, valueStart }: TopLevelSpan): boolean =>
    byteText.charCodeAt(valueStart) === NULL_START ||
    !fields.has(key) ||
    replaced.has(key) ||
    dropped.includes(key);
  return spliceObject(byteText, request.spans(), { drop, set });
};
