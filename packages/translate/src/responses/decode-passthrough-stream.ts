import type { JsonRecord } from "../json/read.ts";
import { scanObjectAt } from "../json/top-level-spans.ts";
import type { StreamDecoder } from "../neutral/stream-item.ts";
import type { Hole } from "../sse/event-templates.ts";
import { stringHole } from "../sse/event-templates.ts";
import { createNamedPassthroughDecoder } from "../sse/passthrough-decoder.ts";
import { ResponsesEvents } from "./decode-stream.ts";
import { ownMaker } from "./responses-dialect.ts";

/** The surface writes these itself, with metadata. */
const withheld: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "error",
]);

const digits = /^\d+$/;

/** The text of a `….delta`, its padding and its place in the stream. */
const deltaHoles = (type: string, _event: JsonRecord, byteText: string): readonly Hole[] | null => {
  if (!type.endsWith(".delta")) return null;
  return (scanObjectAt(byteText, 0) ?? []).flatMap((span) => {
    const { key, valueStart, valueEnd } = span;
    if (key === "delta") return stringHole(byteText, span, "content") ?? [];
    if (key === "obfuscation") return stringHole(byteText, span, "string") ?? [];
    if (key !== "sequence_number" || !digits.test(byteText.slice(valueStart, valueEnd))) return [];
    return { start: valueStart, end: valueEnd, kind: "digits" } as const;
  });
};

/** Hands OpenAI's events on as they are, but for the last. */
export const createPassthroughResponsesDecoder = (): StreamDecoder => {
  const events = new ResponsesEvents(ownMaker);
  return createNamedPassthroughDecoder({
    begins: (type) => type === "response.created",
    withholds: (type) => withheld.has(type),
    read: (type, json, out) => events.push(type, json, out),
    holes: deltaHoles,
  });
};
