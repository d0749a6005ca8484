import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryPart, mergedParts, replyOf } from "../../test/arbitrary-parts.ts";
import {
  createResponsesStreamDecoder,
  createResponsesStreamEncoder,
  decodeResponsesReply,
  decodeResponsesRequest,
  encodeResponsesReply,
  itemsOfReply,
  parseResponsesRequest,
} from "../index.ts";
import type { OutputPart, StreamItem } from "../index.ts";
import { foldResponsesStream, responsesStreamViolations } from "../testing/index.ts";
import { decodeCut } from "../../test/cuts.ts";

const parsed = parseResponsesRequest({ model: "m", input: "Hi" });
if (!parsed.ok) throw new Error(parsed.error.message);

const options = {
  request: parsed.request,
  id: "resp_ours",
  createdSeconds: 1,
  model: "asked",
  excludeReasoning: false,
  legacyFunctions: false,
};
const usage = {
  inputTokens: 3,
  cacheReadTokens: 2,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 5,
  reasoningTokens: 1,
};
const close = { usage, routingMetadata: () => ({ provider: "p" }) };

const written = (items: readonly StreamItem[]): string => {
  const encoder = createResponsesStreamEncoder(options);
  return items.map((item) => encoder.items([item])).join("") + encoder.end(close);
};

const part = arbitraryPart("openai", {
  kind: "native",
  wire: "responses",
  json: { type: "web_search_call", id: "ws_1", status: "completed" },
});

/** Ids of items are the gateway's own. */
const withoutIds = (parts: readonly { readonly kind: string }[] | undefined): readonly unknown[] =>
  (parts ?? []).map((one) => (one.kind === "reasoning" ? { ...one, id: undefined } : one));

test("stream and whole answer say the same, in the grammar; the history gives all of it back", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (said) => {
      const parts = mergedParts(said);
      const reply = replyOf(parts);
      const text = written(itemsOfReply(reply));
      expect(responsesStreamViolations(text)).toEqual([]);
      const folded = foldResponsesStream(text);
      const whole = encodeResponsesReply(reply, options, close);
      // A call stays open while others are written: items end in any order, each with its place.
      expect(whole["output"]).toEqual(expect.arrayContaining([...folded.items]));
      expect(folded.response).toEqual(whole);
      const history = parseResponsesRequest({ model: "m", input: whole["output"] });
      if (!history.ok) throw new Error(history.error.message);
      const [turn] = decodeResponsesRequest(history.request).messages;
      expect(withoutIds(turn?.parts)).toEqual(withoutIds(parts));
    }),
  );
});

test("what this wire says is read back the same, whole and streamed", () => {
  const own = fc.oneof(
    fc.string({ minLength: 1 }).map((text): OutputPart => ({ kind: "text", text })),
    fc
      .tuple(fc.uuid(), fc.dictionary(fc.string(), fc.integer()))
      .map(([id, input]): OutputPart => ({
        kind: "tool_call",
        id,
        name: "f",
        arguments: JSON.stringify(input),
      })),
    fc
      .tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }))
      .map(([text, signature]): OutputPart => ({
        kind: "reasoning",
        text,
        signature,
        maker: "openai",
      })),
  );
  fc.assert(
    fc.property(fc.array(own, { minLength: 1, maxLength: 6 }), (parts) => {
      const reply = replyOf(mergedParts(parts));
      const whole = encodeResponsesReply(reply, options, close);
      const read = decodeResponsesReply(whole, "openai");
      if (!read.ok) throw new Error("no answer");
      const [choice] = read.reply.choices;
      expect(withoutIds(choice?.parts)).toEqual(withoutIds(reply.choices[0]?.parts ?? []));
      expect(choice?.finish).toBe(reply.choices[0]?.finish);
      expect(read.reply.usage).toEqual(usage);
      const bytes = new TextEncoder().encode(written(itemsOfReply(reply)));
      const streamed = decodeCut(createResponsesStreamDecoder("openai"), bytes);
      // Usage comes beside the finish, in whichever order.
      const kept = (items: readonly StreamItem[]) =>
        ["tool_call", "usage", "finish"].map((kind) => items.filter((item) => item.kind === kind));
      expect(kept(streamed)).toEqual(kept(itemsOfReply(read.reply)));
    }),
  );
});

test("logprobs stand on the last text, streamed or whole; texts in a row are one message", () => {
  const content = [{ token: "b", logprob: -0.5, bytes: null, top_logprobs: [] }];
  const reply = replyOf([
    { kind: "text", text: "a" },
    { kind: "text", text: "b" },
    { kind: "tool_call", id: "c", name: "f", arguments: "{}" },
  ]);
  const [choice] = reply.choices;
  if (choice === undefined) throw new TypeError("a reply has a choice");
  const decorated = { ...reply, choices: [{ ...choice, logprobs: { content } }] };
  const whole = encodeResponsesReply(decorated, options, close);
  expect(whole["output"]).toMatchObject([
    { type: "message", content: [{ text: "ab", logprobs: content }] },
    { type: "function_call" },
  ]);
  expect(foldResponsesStream(written(itemsOfReply(decorated))).response).toEqual(whole);
});

test("an answer that failed on its way tells what was done until then", () => {
  const encoder = createResponsesStreamEncoder(options);
  const begun = encoder.items([{ kind: "text", choice: 0, text: "a" }]);
  const routingMetadata = { provider: "p" };
  const error = { code: "upstream_error", message: "cut", param: null } as const;
  const tail = encoder.fail(error, { docsBaseUrl: "http://h", requestId: "r", routingMetadata });
  expect(responsesStreamViolations(begun + tail)).toEqual([]);
  const json: unknown = JSON.parse(tail.slice(tail.indexOf("data: ") + "data: ".length));
  expect(json).toMatchObject({
    type: "response.failed",
    response: { status: "failed", routing_metadata: routingMetadata },
    routing_metadata: routingMetadata,
  });
});
