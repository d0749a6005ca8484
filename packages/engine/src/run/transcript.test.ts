import { expect, test } from "vitest";
import { Transcript } from "./transcript.ts";

const sse = (events: readonly object[]): string =>
  events
    .map(
      (event) =>
        `${"type" in event ? `event: ${String(event.type)}\n` : ""}data: ${JSON.stringify(event)}\n\n`,
    )
    .join("");

const item = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "in_progress",
  content: [],
};
const part = { type: "text_delta", text: "Grüße" };

const streams = {
  chat_completions: sse([{ choices: [{ index: 0, delta: { content: "Grüße" } }] }]),
  messages: sse([
    { type: "message_start", message: { id: "msg_1", model: "m", usage: { input_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: part },
  ]),
  responses: sse([
    { type: "response.output_item.added", output_index: 0, item },
    { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Grüße" },
  ]),
} as const;

test.each(["chat_completions", "messages", "responses"] as const)(
  "what passed through on %s counts by its text, not as nothing",
  (surface) => {
    const transcript = new Transcript(surface);
    const bytes = new TextEncoder().encode(streams[surface]);
    transcript.add({ kind: "raw", bytes, events: 1, content: true });
    expect(transcript.totalBytes()).toBe(7);
    expect(transcript.said()).toEqual([{ kind: "text", text: "Grüße" }]);
  },
);
