import type { Usage } from "@pointsman/core";
import { describe, expect, test } from "vitest";
import { asEvents, recordedReplies, recordedStreams } from "../../../../test/fixtures/wire/load.ts";
import {
  createMessagesStreamDecoder,
  createMessagesStreamEncoder,
  createPassthroughMessagesDecoder,
  createRawBody,
  decodeMessagesReply,
  encodeMessagesReply,
  finishRawMessagesReply,
  readRawMessagesReply,
} from "../index.ts";
import type { StreamDecoder, StreamItem } from "../index.ts";
import { asArray, asNumber, asRecord, asString } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import { foldMessagesStream, messagesStreamViolations } from "../testing/index.ts";
import { BlockFolder } from "./fold-blocks.ts";

const wire = "anthropic-messages";
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const options = {
  id: "msg_ours",
  createdSeconds: 0,
  model: "asked",
  excludeReasoning: false,
  legacyFunctions: false,
};
const routingMetadata = (): unknown => ({ provider: "anthropic" });

/** Items of a stream whose bytes come in pieces of `size`. */
const read = (decoder: StreamDecoder, text: string, size = 1 << 20): readonly StreamItem[] => {
  const bytes = encode(text);
  const items: StreamItem[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    decoder.push(bytes.slice(at, at + size), items);
  }
  decoder.end(items);
  return items;
};

const json = (text: string): JsonRecord => asRecord(JSON.parse(text)) ?? {};

/** What a block says, its citations and everything that only Anthropic reads aside. */
const said = (blocks: readonly unknown[]): unknown => {
  const of = (type: string): readonly JsonRecord[] =>
    blocks.flatMap((block) => {
      const record = asRecord(block);
      return record?.["type"] === type ? [record] : [];
    });
  const known = new Set(["text", "thinking", "redacted_thinking", "tool_use"]);
  return {
    text: of("text")
      .map((block) => asString(block["text"]))
      .join(""),
    thinking: of("thinking").map(({ thinking, signature }) => ({ thinking, signature })),
    calls: of("tool_use").map(({ id, name, input }) => ({ id, name, input })),
    native: blocks.filter((block) => !known.has(String(asRecord(block)?.["type"]))),
  };
};

const usageSum = (usage: JsonRecord): number =>
  ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
    .map((key) => asNumber(usage[key]) ?? 0)
    .reduce((sum, count) => sum + count, 0);

const bucketSum = ({ webSearches: _searches, ...tokens }: Usage): number =>
  Object.values(tokens).reduce((sum, count) => sum + count, 0);

const whole = recordedStreams(wire).filter(({ file }) => !file.includes("spliced"));

describe.each(whole)("$file", ({ chunks }) => {
  const events = chunks.map(json);
  const text = asEvents(wire, chunks);
  const folder = new BlockFolder();
  for (const event of events) folder.event(event);
  const started = asRecord(events.find(({ type }) => type === "message_start")?.["message"]) ?? {};
  const blocks = [...asArray(started["content"]), ...folder.blocks];
  const closing = events.findLast(({ type }) => type === "message_delta") ?? {};
  const usage = { ...asRecord(started["usage"]), ...asRecord(closing["usage"]) };
  const stopReason = asRecord(closing["delta"])?.["stop_reason"];

  test("decoded and written again it says the same", () => {
    const items = read(createMessagesStreamDecoder(), text);
    expect(items.filter(({ kind }) => kind === "malformed" || kind === "error")).toEqual([]);
    const told = items.findLast((item) => item.kind === "usage");
    if (told?.kind !== "usage") throw new Error("no usage");
    expect(bucketSum(told.usage)).toBe(usageSum(usage));
    const encoder = createMessagesStreamEncoder(options);
    const out = encoder.items(items) + encoder.end({ usage: told.usage, routingMetadata });
    expect(messagesStreamViolations(out)).toEqual([]);
    const folded = foldMessagesStream(out);
    expect(said(folded.content)).toEqual(said(blocks));
    expect(folded).toMatchObject({
      id: started["id"],
      model: started["model"],
      stopReason,
      done: true,
    });
    expect(usageSum(folded.usage ?? {})).toBe(usageSum(usage));
  });

  test("passed through it is the same, block for block", () => {
    const items = read(createPassthroughMessagesDecoder(), text, 97);
    const encoder = createMessagesStreamEncoder(options);
    let out = "";
    for (const item of items) {
      if (item.kind === "raw") out += new TextDecoder().decode(item.bytes);
      out += encoder.items([item]);
    }
    const told = items.findLast((item) => item.kind === "usage");
    if (told?.kind !== "usage") throw new Error("no usage");
    out += encoder.end({ usage: told.usage, routingMetadata });
    expect(messagesStreamViolations(out)).toEqual([]);
    const folded = foldMessagesStream(out);
    expect(folded.content).toEqual(folder.blocks);
    expect(folded.closing).toMatchObject({
      ...closing,
      delta: asRecord(closing["delta"]),
      routing_metadata: { provider: "anthropic" },
    });
  });

  test("the cut of the bytes makes no difference", () => {
    const items = read(createMessagesStreamDecoder(), text);
    expect(read(createMessagesStreamDecoder(), text, 13)).toEqual(items);
    expect(read(createMessagesStreamDecoder(), text.replaceAll("\n", "\r\n"), 101)).toEqual(items);
  });
});

describe.each(recordedReplies(wire))("$file", ({ body }) => {
  const original = json(body);

  test("decoded and written again it says the same", () => {
    const decoded = decodeMessagesReply(original);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { reply } = decoded;
    if (reply.usage === null) throw new Error("no usage");
    expect(bucketSum(reply.usage)).toBe(usageSum(asRecord(original["usage"]) ?? {}));
    const out = encodeMessagesReply(reply, options, { usage: reply.usage, routingMetadata });
    expect(said(asArray(out["content"]))).toEqual(said(asArray(original["content"])));
    expect(out).toMatchObject({
      id: original["id"],
      model: original["model"],
      stop_reason: original["stop_reason"],
      stop_sequence: null,
    });
  });

  test("passed through it is the same, with our metadata at its top", () => {
    const raw = readRawMessagesReply(createRawBody(encode(body)).byteText);
    if (!raw.ok || raw.usage === null) throw new Error("no answer");
    const out = finishRawMessagesReply(raw.reply, { provider: "anthropic" });
    const bytes = Uint8Array.from(out, (character) => character.charCodeAt(0));
    expect(json(new TextDecoder().decode(bytes))).toEqual({
      ...original,
      routing_metadata: { provider: "anthropic" },
    });
  });
});

test("an answer that begins anew after content is an error, with nothing of the second", () => {
  const spliced = recordedStreams(wire).find(({ file }) => file.includes("spliced"));
  const text = asEvents(wire, spliced?.chunks ?? []);
  for (const decoder of [createMessagesStreamDecoder(), createPassthroughMessagesDecoder()]) {
    const items = read(decoder, text);
    expect(items.at(-1)?.kind).toBe("error");
    expect(items.some(({ kind }) => kind === "finish")).toBe(false);
    expect(JSON.stringify(items)).not.toContain("toolu_second");
  }
});
