import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ChatCompletionChunk, ChatDelta, FinishReason } from "../index.ts";
import { ChatFold } from "./chat-fold.ts";

type Said = { readonly choice: number; readonly delta: ChatDelta };

const chunkOf = (
  index: number,
  delta: ChatDelta,
  finish_reason: FinishReason | null = null,
): ChatCompletionChunk => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index, delta, finish_reason }],
});

const fold = (deltas: readonly Said[], choices = 1) => {
  const folded = new ChatFold();
  for (const { choice, delta } of deltas) folded.add(chunkOf(choice, delta));
  for (let choice = 0; choice < choices; choice += 1) folded.add(chunkOf(choice, {}, "stop"));
  return folded.choices();
};
const first = (...deltas: readonly ChatDelta[]) =>
  fold(deltas.map((delta) => ({ choice: 0, delta })))[0]?.message;

/** A text in pieces. */
const pieces = fc.array(fc.string(), { minLength: 1, maxLength: 6 });

test("however its text is cut, it is the same, and choices and calls may take turns", () => {
  const call = fc.record({ id: fc.uuid(), name: fc.string({ minLength: 1 }), pieces });
  const answer = fc.record({ content: pieces, calls: fc.array(call, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(answer, { minLength: 1, maxLength: 3 }), fc.gen(), (answers, gen) => {
      const queues = answers.flatMap(({ content, calls }, choice) => [
        content.map((text): Said => ({ choice, delta: { content: text } })),
        ...calls.map(({ id, name, pieces: parts }, index) => [
          { choice, delta: { tool_calls: [{ index, id, function: { name } }] } },
          ...parts.map((text): Said => ({
            choice,
            delta: { tool_calls: [{ index, function: { arguments: text } }] },
          })),
        ]),
      ]);
      const mixed: Said[] = [];
      for (let left = queues; left.length > 0; left = left.filter(({ length }) => length > 0)) {
        const next = left[gen(fc.nat, { max: left.length - 1 })]?.shift();
        if (next !== undefined) mixed.push(next);
      }
      const folded = fold(mixed, answers.length);
      expect(folded.map(({ index }) => index)).toEqual(answers.map((_answer, index) => index));
      for (const [index, { content, calls }] of answers.entries()) {
        const message = folded[index]?.message;
        const text = content.join("");
        expect(message?.content).toBe(text === "" && calls.length > 0 ? null : text);
        expect(message?.tool_calls ?? []).toEqual(
          calls.map(({ id, name, pieces: parts }) => ({
            id,
            type: "function",
            function: { name, arguments: parts.join("") },
          })),
        );
      }
    }),
  );
});

test("reasoning is text, and blocks as its signatures close them", () => {
  expect(
    first(
      { role: "assistant", reasoning_content: "first " },
      { reasoning_content: "thought" },
      { reasoning_signature: "s1" },
      { reasoning_redacted_data: "r" },
      { reasoning_content: "second" },
      { reasoning_signature: "s2" },
      { content: "Done." },
    ),
  ).toEqual({
    role: "assistant",
    content: "Done.",
    reasoning_content: "first thoughtsecond",
    reasoning: [
      { type: "thinking", thinking: "first thought", signature: "s1" },
      { type: "redacted", data: "r" },
      { type: "thinking", thinking: "second", signature: "s2" },
    ],
  });
});

test("a refusal is beside no text", () => {
  expect(first({ refusal: "I will " }, { refusal: "not." })).toEqual({
    role: "assistant",
    content: null,
    refusal: "I will not.",
  });
  expect(first({ role: "assistant" })).toEqual({ role: "assistant", content: "" });
});

test("images, annotations, signatures and the old function call", () => {
  const image = { type: "image", mime_type: "image/png", data: "AA" } as const;
  expect(
    first(
      { images: [image] },
      { images: [image], annotations: [{ type: "url_citation" }] },
      { annotations: [{ type: "other" }], provider_signature: "sig" },
      { tool_calls: [{ index: 0, id: "t", provider_signature: "of the call" }] },
      { function_call: { name: "f", arguments: '{"a' } },
      { function_call: { arguments: '":1}' } },
    ),
  ).toEqual({
    role: "assistant",
    content: null,
    images: [image, image],
    annotations: [{ type: "url_citation" }, { type: "other" }],
    provider_signature: "sig",
    tool_calls: [
      {
        id: "t",
        type: "function",
        function: { name: "", arguments: "" },
        provider_signature: "of the call",
      },
    ],
    function_call: { name: "f", arguments: '{"a":1}' },
  });
});

test("logprobs are those of all chunks", () => {
  const folded = new ChatFold();
  const token = (text: string) => ({ token: text, logprob: -1, bytes: null, top_logprobs: [] });
  for (const text of ["a", "b"]) {
    const chunk = chunkOf(0, { content: text });
    const logprobs = { content: [token(text)], refusal: null };
    folded.add({ ...chunk, choices: chunk.choices.map((choice) => ({ ...choice, logprobs })) });
  }
  folded.add(chunkOf(0, {}, "length"));
  expect(folded.choices()[0]).toMatchObject({
    finish_reason: "length",
    logprobs: { content: [token("a"), token("b")], refusal: null },
  });
});

test("a choice without a finish is no answer", () => {
  const folded = new ChatFold();
  folded.add(chunkOf(0, { content: "x" }, "stop"));
  folded.add(chunkOf(1, { content: "y" }));
  expect(() => folded.choices()).toThrow("ended before the answer did");
});
