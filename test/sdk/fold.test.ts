import { Client } from "@pointsman/sdk";
import type { ChatStream, MessageStream } from "@pointsman/sdk";
import {
  createChatStreamEncoder,
  createMessagesStreamEncoder,
  encodeChatReply,
  encodeMessagesReply,
  itemsOfReply,
} from "@pointsman/translate";
import type { AnswerClose, NeutralReply, OutputPart, StreamEncoder } from "@pointsman/translate";
import * as fc from "fast-check";
import { expect, test } from "vitest";

/** What the gateway streams, folded, is what it answers whole. Responses tell their whole answer themselves. */

const word = fc.string({ minLength: 1, maxLength: 6, unit: "grapheme" });
const json = fc.dictionary(word, word).map((input) => JSON.stringify(input));
// Reasoning whose signature is missing cannot be told from what follows it.
const text = word.map((said): OutputPart => ({ kind: "text", text: said }));
const part = fc.oneof(
  text,
  fc
    .tuple(word, word)
    .map(([said, signature]): OutputPart => ({ kind: "reasoning", text: said, signature })),
  word.map((data): OutputPart => ({ kind: "reasoning_redacted", data })),
  fc
    .tuple(fc.uuid(), word, json)
    .map(([id, name, input]): OutputPart => ({ kind: "tool_call", id, name, arguments: input })),
);
const chatPart = fc.oneof(
  part,
  word.map((said): OutputPart => ({ kind: "refusal", text: said })),
  word.map((data): OutputPart => ({ kind: "image", mimeType: "image/png", data })),
  fc
    .tuple(word, word)
    .map(([said, signature]): OutputPart => ({ kind: "text", text: said, signature })),
);
const logprobs = word.map((token) => ({
  content: [{ token, logprob: -0.5, bytes: null, top_logprobs: [] }],
  refusal: null,
}));
const choiceOf = (parts: fc.Arbitrary<OutputPart>) =>
  fc.record({
    parts: fc.array(parts, { maxLength: 6 }),
    finish: fc.constantFrom("stop", "length", "tool_calls", "content_filter"),
    native: fc.option(fc.constant("their_word"), { nil: null }),
    logprobs: fc.option(logprobs, { nil: null }),
  });
const usage = {
  inputTokens: 1,
  cacheReadTokens: 2,
  cacheWrite5mTokens: 3,
  cacheWrite1hTokens: 4,
  outputTokens: 5,
  reasoningTokens: 6,
};
const replyOf = (parts: fc.Arbitrary<OutputPart>, maxChoices: number): fc.Arbitrary<NeutralReply> =>
  fc.array(choiceOf(parts), { minLength: 1, maxLength: maxChoices }).map((choices) => ({
    id: "id_1",
    model: "m-2026",
    createdSeconds: 7,
    usage,
    choices: choices.map((choice, index) => ({ ...choice, index })),
  }));

const metadata = {
  provider: "p0",
  provider_model_id: "m-2026",
  model_canonical: "m",
  routing_strategy: "cost",
  cost: { usd: 0.5 },
};
const close: AnswerClose = { usage, routingMetadata: () => metadata };
const options = {
  id: "id_2",
  model: "m",
  createdSeconds: 5,
  excludeReasoning: false,
  legacyFunctions: false,
};

const clientBefore = (encoder: StreamEncoder, reply: NeutralReply): Client => {
  const sse = encoder.items(itemsOfReply(reply)) + encoder.end(close);
  return new Client({ apiKey: "pk", fetch: async () => new Response(sse) });
};
const messages = [{ role: "user" as const, content: "hi" }];
type Final = Pick<ChatStream | MessageStream, "final">;
const same = async (stream: Promise<Final>, whole: object): Promise<void> => {
  expect(await (await stream).final()).toEqual(whole);
};

test.each([false, true])("chat, functions of old %s", async (legacyFunctions) => {
  const how = { ...options, legacyFunctions };
  await fc.assert(
    fc.asyncProperty(replyOf(chatPart, 3), async (reply) => {
      const client = clientBefore(createChatStreamEncoder(how), reply);
      await same(
        client.chat.completions.create({ model: "m", messages, stream: true }),
        encodeChatReply(reply, how, close),
      );
    }),
  );
});

test("Messages", async () => {
  await fc.assert(
    fc.asyncProperty(replyOf(part, 1), async (reply) => {
      const client = clientBefore(createMessagesStreamEncoder(options), reply);
      await same(
        client.messages.create({ model: "m", max_tokens: 9, messages, stream: true }),
        encodeMessagesReply(reply, options, close),
      );
    }),
  );
});
