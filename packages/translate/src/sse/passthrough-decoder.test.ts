import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCut, mergedRaw } from "../../test/cuts.ts";
import { stringifyForSse } from "../bytes/line-separators.ts";
import { createPassthroughMessagesDecoder, createPassthroughResponsesDecoder } from "../index.ts";

const utf8 = new TextEncoder();
const frame = (type: string, json: string): string => `event: ${type}\ndata: ${json}\n\n`;

/** A stream with `texts` as its deltas, and what goes out of it: the same, separators escaped. */
type Wire = {
  readonly create: typeof createPassthroughMessagesDecoder;
  readonly start: string;
  readonly delta: (text: string, place: number, stringify: (value: unknown) => string) => string;
};

const wires: Readonly<Record<string, Wire>> = {
  messages: {
    create: createPassthroughMessagesDecoder,
    start:
      frame("message_start", '{"type":"message_start","message":{"id":"msg_1","model":"m"}}') +
      frame(
        "content_block_start",
        '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
      ),
    delta: (text, _place, stringify) => {
      const type = "content_block_delta";
      return frame(type, stringify({ type, index: 0, delta: { type: "text_delta", text } }));
    },
  },
  responses: {
    create: createPassthroughResponsesDecoder,
    start:
      frame("response.created", '{"type":"response.created","response":{"id":"r"}}') +
      frame(
        "response.output_item.added",
        '{"type":"response.output_item.added","output_index":0,"item":{"type":"message"}}',
      ),
    delta: (delta, place, stringify) => {
      const type = "response.output_text.delta";
      const event = { type, output_index: 0, content_index: 0, sequence_number: place, delta };
      return frame(type, stringify({ ...event, obfuscation: "x".repeat(place % 7) }));
    },
  },
};

const rawOf = (items: readonly unknown[]): string =>
  items
    .map((item) => Object(item) as { bytes?: string })
    .map(({ bytes }) => bytes ?? "")
    .join("");

describe.each(Object.entries(wires))("%s", (_name, { create, start, delta }) => {
  test("any text passes as it is, separators escaped, wherever the bytes are cut", () => {
    const texts = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 12 });
    const cuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 8 });
    fc.assert(
      fc.property(texts, cuts, (said, at) => {
        // An empty text before any content waits with what came before it.
        const deltas = ["a", ...said];
        const stream = start + deltas.map((text, n) => delta(text, n, JSON.stringify)).join("");
        const out = start + deltas.map((text, n) => delta(text, n, stringifyForSse)).join("");
        const items = decodeCut(create(), utf8.encode(stream), at);
        expect(Buffer.from(rawOf(mergedRaw(items)), "latin1").toString()).toBe(out);
        expect(items.reduce((sum, item) => sum + (item.kind === "raw" ? item.events : 0), 0)).toBe(
          2 + deltas.length,
        );
      }),
      { numRuns: 200 },
    );
  });

  test("what looks like a known event and is no JSON is told as malformed", () => {
    const known = delta("one", 1, JSON.stringify) + delta("two", 2, JSON.stringify);
    for (const [good, bad] of [
      ["two", "t\\xwo"],
      ["two", "t\\u12"],
      ["two", "\u0007"],
    ] as const) {
      const items = decodeCut(create(), utf8.encode(start + known + known.replace(good, bad)));
      expect(items.filter(({ kind }) => kind === "malformed")).toHaveLength(1);
    }
  });

  test("an empty text is no content", () => {
    const first = utf8.encode(start + delta("one", 1, JSON.stringify));
    const decoder = create();
    decoder.push(first, []);
    const items: unknown[] = [];
    decoder.push(utf8.encode(delta("", 2, JSON.stringify)), items as never[]);
    expect(items).toMatchObject([{ kind: "raw", content: false, events: 1 }]);
  });
});
