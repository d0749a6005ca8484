import { expect, test } from "vitest";
import { itemsOfReply } from "./reply-items.ts";

test("every part of a reply becomes items, calls counted from 0 in each choice", () => {
  const items = itemsOfReply({
    id: "id",
    model: "m",
    createdSeconds: 1,
    usage: null,
    serviceTier: "default",
    choices: [
      {
        index: 0,
        finish: "tool_calls",
        native: "tool_use",
        logprobs: { content: [] },
        annotations: [{ kind: "url_citation", url: "u" }],
        parts: [
          { kind: "reasoning", text: "hm", signature: "s" },
          { kind: "reasoning_redacted", data: "d" },
          { kind: "text", text: "t" },
          { kind: "refusal", text: "r" },
          { kind: "image", mimeType: "image/png", data: "AA==" },
          { kind: "tool_call", id: "a", name: "f", arguments: "{}", signature: "q" },
          { kind: "tool_call", id: "b", name: "g", arguments: '{"x":1}' },
        ],
      },
      { index: 1, finish: "stop", native: null, logprobs: null, parts: [] },
    ],
  });
  expect(items).toEqual([
    { kind: "head", id: "id", model: "m", createdSeconds: 1, serviceTier: "default" },
    { kind: "reasoning", choice: 0, text: "hm" },
    { kind: "reasoning_signature", choice: 0, signature: "s" },
    { kind: "reasoning_redacted", choice: 0, data: "d" },
    { kind: "logprobs", choice: 0, logprobs: { content: [] } },
    { kind: "text", choice: 0, text: "t" },
    { kind: "refusal", choice: 0, text: "r" },
    { kind: "image", choice: 0, mimeType: "image/png", data: "AA==" },
    { kind: "tool_call", choice: 0, call: 0, id: "a", name: "f", signature: "q" },
    { kind: "tool_arguments", choice: 0, call: 0, text: "{}" },
    { kind: "tool_call", choice: 0, call: 1, id: "b", name: "g" },
    { kind: "tool_arguments", choice: 0, call: 1, text: '{"x":1}' },
    { kind: "annotations", choice: 0, annotations: [{ kind: "url_citation", url: "u" }] },
    { kind: "finish", choice: 0, reason: "tool_calls", native: "tool_use" },
    { kind: "finish", choice: 1, reason: "stop", native: null },
  ]);
});
