import type { JsonRecord } from "../json/read.ts";
import { splitNamedEvents } from "./named-events.ts";

export type Say = (violation: string) => void;

/** What may follow what in a stream of named events. */
export interface NamedStreamGrammar {
  /** The stream had its end. */
  readonly ended: boolean;
  event(type: string, json: JsonRecord, say: Say): void;
}

/** What a whole stream breaks of its frame and of a grammar, as sentences; empty = nothing. */
export const namedStreamViolations = (
  text: string,
  grammar: NamedStreamGrammar,
): readonly string[] => {
  const violations: string[] = [];
  if (/[\u0085\u2028\u2029\r]/u.test(text)) violations.push("raw line separator");
  if (!text.endsWith("\n\n")) violations.push("the last event lacks its empty line");
  for (const [index, { framed, name, json }] of splitNamedEvents(text).entries()) {
    const say: Say = (violation) => violations.push(`event ${index}: ${violation}`);
    if (!framed || name === null) say("wrong frame");
    else if (json === null) say("data is no JSON object");
    else if (json["type"] !== name) say("type and event name differ");
    else grammar.event(name, json, say);
  }
  if (!grammar.ended) violations.push("the stream has no end");
  return violations;
};
