import type { Usage } from "@pointsman/core";
import { completionTokensOf, emptyUsage, promptTokensOf } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import { asEvents, recordedReplies, recordedStreams } from "../../../../test/fixtures/wire/load.ts";
import { cutsChangeNothing, decodeCut } from "../../test/cuts.ts";
import {
  collectReply,
  createPassthroughResponsesDecoder,
  createResponsesStreamDecoder,
  createResponsesStreamEncoder,
  decodeResponsesReply,
  itemsOfReply,
} from "../index.ts";
import { asArray, asRecord } from "../json/read.ts";

const utf8 = new TextEncoder();
const create = () => createResponsesStreamDecoder("openai");

type Event = { readonly name: string; readonly data: Readonly<Record<string, unknown>> };

const eventsOf = (text: string): readonly Event[] =>
  text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [name = "", data = ""] = event.split("\n");
      return { name: name.slice(7), data: JSON.parse(data.slice(6)) as Event["data"] };
    });

const encode = (
  items: Parameters<ReturnType<typeof createResponsesStreamEncoder>["items"]>[0],
  usage: Usage,
) => {
  const encoder = createResponsesStreamEncoder({
    id: "resp_own",
    createdSeconds: 1,
    model: "m",
    excludeReasoning: false,
    legacyFunctions: false,
    request: { input: "Hi" },
  });
  return encoder.items(items) + encoder.end({ usage, routingMetadata: () => ({ provider: "p" }) });
};

describe.each(recordedStreams("openai-responses"))("$file", ({ chunks }) => {
  const bytes = utf8.encode(asEvents("openai-responses", chunks));
  const items = decodeCut(create(), bytes);

  test("any cut of the bytes says the same", () => {
    cutsChangeNothing(create, bytes, 10);
    cutsChangeNothing(createPassthroughResponsesDecoder, bytes, 10);
  });

  test("usage is the terminal event's, in the vendor's own totals", () => {
    const last = asRecord(asRecord(JSON.parse(chunks.at(-1) ?? ""))?.["response"]);
    const told = asRecord(last?.["usage"]);
    const usage = items.flatMap((item) => (item.kind === "usage" ? [item.usage] : [])).at(-1);
    if (told === null || usage === undefined) return;
    expect(promptTokensOf(usage)).toBe(told["input_tokens"]);
    expect(completionTokensOf(usage)).toBe(told["output_tokens"]);
  });

  test("encoded again: numbers without gaps, one end, every open item closed, the same answer", () => {
    const collected = collectReply(items);
    if (collected.kind !== "reply") throw new Error(collected.kind);
    const events = eventsOf(encode(items, collected.reply.usage ?? emptyUsage));
    expect(events.map(({ data }) => data["sequence_number"])).toEqual(events.map((_, at) => at));
    expect(events.every(({ name, data }) => name === data["type"])).toBe(true);
    const added = events.filter(({ name }) => name === "response.output_item.added");
    const done = events.filter(({ name }) => name === "response.output_item.done");
    expect(done).toHaveLength(added.length);
    const last = events.at(-1);
    expect(last?.name).toMatch(/^response\.(?:completed|incomplete)$/u);
    expect(last?.data["routing_metadata"]).toEqual({ provider: "p" });
    const response = asRecord(last?.data["response"]);
    expect(asArray(response?.["output"])).toHaveLength(added.length);
    const again = decodeResponsesReply(response, "openai");
    if (!again.ok) throw new Error(again.reason);
    const texts = (parts: readonly { readonly kind: string; readonly text?: string }[]): string =>
      parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
    expect(texts(again.reply.choices[0]?.parts ?? [])).toBe(
      texts(collected.reply.choices[0]?.parts ?? []),
    );
    expect(again.reply.choices[0]?.finish).toBe(collected.reply.choices[0]?.finish);
  });
});

describe.each(recordedReplies("openai-responses"))("$file", ({ body }) => {
  test("decodes, and its steps add up to it again", () => {
    const decoded = decodeResponsesReply(JSON.parse(body), "openai");
    if (!decoded.ok) throw new Error(decoded.reason);
    expect(collectReply(itemsOfReply(decoded.reply))).toMatchObject({ kind: "reply" });
  });
});
