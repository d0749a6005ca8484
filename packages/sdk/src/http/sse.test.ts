import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SseReader } from "./sse.ts";
import type { ServerSentEvent } from "./sse.ts";

const encoder = new TextEncoder();

/** Reads bytes that come in pieces that end at these places. */
const read = (bytes: Uint8Array, cuts: readonly number[]): readonly ServerSentEvent[] => {
  const reader = new SseReader();
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return places.slice(1).flatMap((end, at) => reader.push(bytes.subarray(places[at], end)));
};

const text = [
  ": a comment\n",
  "event: ping\r\ndata: {}\r\n\r\n",
  "data: Grüße 👋\rdata:  two\r\r",
  "id: 7\nretry: 10\ndata\n\n",
  "\n\nevent: nothing\n\n",
  "data: [DONE]\n\n",
  "data: cut off",
].join("");

const expected: readonly ServerSentEvent[] = [
  { event: "ping", data: "{}" },
  { event: null, data: "Grüße 👋\n two" },
  { event: null, data: "" },
  { event: null, data: "[DONE]" },
];

test("events are read whatever ends their lines, and comments are not", () => {
  expect(read(encoder.encode(text), [])).toEqual(expected);
});

test("cut at every byte, and at any two, they are the same", () => {
  const bytes = encoder.encode(text);
  for (let at = 0; at <= bytes.length; at += 1) expect(read(bytes, [at])).toEqual(expected);
  const place = fc.nat({ max: bytes.length });
  fc.assert(
    fc.property(fc.array(place, { maxLength: 8 }), (cuts) => {
      expect(read(bytes, cuts)).toEqual(expected);
    }),
  );
});

test("any data comes back line by line", () => {
  const line = fc.string({ unit: "binary" }).map((one) => one.replace(/[\r\n\ufeff]/gu, ""));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const event = `${lines.map((one) => `data: ${one}\n`).join("")}\n`;
      // Lone surrogates are no text that UTF-8 can say.
      const data = lines.join("\n").toWellFormed();
      expect(read(encoder.encode(event), [3])).toEqual([{ event: null, data }]);
    }),
  );
});
