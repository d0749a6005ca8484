import type { StreamDecoder } from "../neutral/stream-item.ts";
import { createNamedPassthroughDecoder } from "../sse/passthrough-decoder.ts";
import { MessagesEvents } from "./decode-stream.ts";

/** The surface writes these itself, with metadata. */
const withheld: ReadonlySet<string> = new Set(["message_delta", "message_stop", "error", "ping"]);

/** Hands Anthropic's events on as they are, but for the last. */
export const createPassthroughMessagesDecoder = (): StreamDecoder => {
  const events = new MessagesEvents();
  return createNamedPassthroughDecoder({
    withholds: (type) => withheld.has(type),
    // A second answer before any content replaces the first.
    begins: (type) => type === "message_start",
    read: (type, json, out) => events.push(type, json, out),
  });
};
