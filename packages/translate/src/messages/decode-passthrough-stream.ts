import type { StreamDecoder } from "../neutral/stream-item.ts";
import { createNamedPassthroughDecoder } from "../sse/passthrough-decoder.ts";
import { MessagesEvents } from "./decode-stream.ts";

/** The surface writes these itself, with metadata, or needs them not. */
const withheld: ReadonlySet<string> = new Set(["message_delta", "message_stop", "error", "ping"]);

/** Hands Anthropic's events on as they are, but for the last. */
export const createPassthroughMessagesDecoder = (): StreamDecoder => {
  const events = new MessagesEvents();
  return createNamedPassthroughDecoder({
    begins: "message_start",
    withholds: (type) => withheld.has(type),
    read: (type, json, out) => events.push(type, json, out),
  });
};
