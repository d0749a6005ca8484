import type { Usage } from "@pointsman/core";
import { decodeCut } from "./cuts.ts";
import { createMessagesStreamDecoder, createMessagesStreamEncoder } from "../src/index.ts";
import type { StreamItem } from "../src/index.ts";

export type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

export const eventsOf = (...events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const decoded = (...events: readonly Event[]): readonly StreamItem[] =>
  decodeCut(createMessagesStreamDecoder(), bytesOf(eventsOf(...events)));

export const start = (over: Readonly<Record<string, unknown>> = {}): Event => ({
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 43, output_tokens: 1 },
    ...over,
  },
});
export const block = (index: number, content_block: object): Event => ({
  type: "content_block_start",
  index,
  content_block,
});
export const delta = (index: number, piece: object): Event => ({
  type: "content_block_delta",
  index,
  delta: piece,
});
export const stop = (index: number): Event => ({ type: "content_block_stop", index });
export const closing = (stop_reason: string, usage: object = { output_tokens: 2 }): Event => ({
  type: "message_delta",
  delta: { stop_reason, stop_sequence: null },
  usage,
});
export const over: Event = { type: "message_stop" };
export const ping: Event = { type: "ping" };

export const textBlock = [
  block(0, { type: "text", text: "" }),
  delta(0, { type: "text_delta", text: "Hi" }),
  stop(0),
];

export const zero: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};
export const options = {
  id: "msg_ours",
  createdSeconds: 0,
  model: "asked",
  excludeReasoning: false,
  legacyFunctions: false,
};
export const close = {
  usage: { ...zero, outputTokens: 1 },
  routingMetadata: () => ({ provider: "p" }),
};

export const written = (items: readonly StreamItem[], over = {}): string => {
  const encoder = createMessagesStreamEncoder({ ...options, ...over });
  return items.map((item) => encoder.items([item])).join("") + encoder.end(close);
};
