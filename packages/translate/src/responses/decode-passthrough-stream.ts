import type { StreamDecoder } from "../neutral/stream-item.ts";
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

/** Hands OpenAI's events on as they are, but for the last. */
export const createPassthroughResponsesDecoder = (): StreamDecoder => {
  const events = new ResponsesEvents(ownMaker);
  return createNamedPassthroughDecoder({
    begins: (type) => type === "response.created",
    withholds: (type) => withheld.has(type),
    read: (type, json, out) => events.push(type, json, out),
  });
};
