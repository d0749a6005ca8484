import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";
import { findSpan, scanObjectAt } from "../json/top-level-spans.ts";
import type { StreamDecoder } from "../neutral/stream-item.ts";
import type { Hole } from "../sse/event-templates.ts";
import { stringHole } from "../sse/event-templates.ts";
import { createNamedPassthroughDecoder } from "../sse/passthrough-decoder.ts";
import { MessagesEvents } from "./decode-stream.ts";

/** The surface writes these itself, with metadata. */
const withheld: ReadonlySet<string> = new Set(["message_delta", "message_stop", "error", "ping"]);

const textKeys = ["text", "thinking", "partial_json"];

/** The text of a `content_block_delta`. */
const deltaHoles = (type: string, event: JsonRecord, byteText: string): readonly Hole[] | null => {
  const delta = asRecord(event["delta"]);
  if (type !== "content_block_delta" || delta === null) return null;
  const key = textKeys.find((name) => typeof delta[name] === "string");
  const span = findSpan(scanObjectAt(byteText, 0) ?? [], "delta");
  if (key === undefined || span === undefined) return null;
  const text = findSpan(scanObjectAt(byteText, span.valueStart) ?? [], key);
  const hole = text === undefined ? null : stringHole(byteText, text, "content");
  return hole === null ? null : [hole];
};

/** Hands Anthropic's events on as they are, but for the last. */
export const createPassthroughMessagesDecoder = (): StreamDecoder => {
  const events = new MessagesEvents();
  return createNamedPassthroughDecoder({
    withholds: (type) => withheld.has(type),
    // A second answer before any content replaces the first.
    begins: (type) => type === "message_start",
    read: (type, json, out) => events.push(type, json, out),
    holes: deltaHoles,
  });
};
