import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRawBody, decodeByteText, fromByteText, toByteText } from "../bytes/raw-body.ts";
import { stringifyAscii } from "../bytes/raw-body.ts";
import { chatOutline, readChatRequest } from "./read-chat-request.ts";
import type { ReadRequest } from "../request/caller-request.ts";
import { chatRequestSchema } from "./chat-request-schema.ts";
import { decodeChatRequest } from "./decode-request.ts";
import { canPassThrough, encodePassthroughChatRequest } from "./encode-passthrough-request.ts";
import { parseChatRequest } from "./parse-chat-request.ts";
import { chatNeeds } from "./chat-needs.ts";
import { needsOf } from "../measure/request-needs.ts";
import { measurePrompt } from "./measure-prompt.ts";

const utf8 = new TextEncoder();
const read = (json: string): ReadRequest => readChatRequest(createRawBody(utf8.encode(json)));

/** Text of every kind: ASCII, what Latin-1 has, wide, astral, lone surrogates, escapes, controls. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(
      "a",
      "é",
      "Ã",
      "©",
      "日",
      "🍓",
      "\ud83d",
      "\udc53",
      '"',
      "\\",
      "\n",
      "\0",
    ),
    maxLength: 12,
  }),
);

/** JSON with non-ASCII written as it is, as escapes, or in turn. */
const render = (value: unknown, style: "plain" | "escaped" | "mixed"): string => {
  const plain = JSON.stringify(value);
  let turn = 0;
  const escape = (unit: string): string =>
    style === "escaped" || turn++ % 2 === 0
      ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`
      : unit;
  // By pairs, so that no half of one is left alone where the other is escaped.
  return style === "plain"
    ? plain
    : plain.replaceAll(/[\ud800-\udbff][\udc00-\udfff]|[^\0-\x7f]/g, (character) =>
        character.length === 1
          ? escape(character)
          : Array.from(
              { length: 2 },
              (_, at) => `\\u${character.charCodeAt(at).toString(16)}`,
            ).join(""),
      );
};

const message = fc.oneof(
  fc.record({ role: fc.constantFrom("system", "user", "tool", "robot"), content: text }),
  fc.record({
    role: fc.constant("user"),
    content: fc.array(fc.record({ type: fc.constantFrom("text", "téxt"), text })),
  }),
  fc.record({
    role: fc.constant("assistant"),
    content: fc.option(text),
    refusal: fc.option(text),
    own: text,
  }),
);
const bodies = fc.record(
  {
    model: text,
    messages: fc.array(message, { maxLength: 4 }),
    user: text,
    prompt_cache_key: text,
    stop: fc.array(text, { maxLength: 2 }),
    tools: fc.array(
      fc.record({
        type: fc.constant("function"),
        function: fc.record({ name: text, description: text }),
      }),
      { maxLength: 2 },
    ),
    gateway: fc.record({ metadata: fc.record({ custom_fields: fc.dictionary(text, text) }) }),
    temperature: fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), text),
    reasoning_effort: fc.constantFrom("low", "off", "lów"),
  },
  { requiredKeys: ["messages"], noNullPrototype: true },
);
const extras = fc.dictionary(text, fc.jsonValue(), { maxKeys: 2, noNullPrototype: true });
const styles = fc.constantFrom("plain", "escaped", "mixed" as const);

describe("readChatRequest equals parsing the decoded body", () => {
  test("outline, losses, errors, neutral form and what a provider gets", () => {
    let valid = 0;
    fc.assert(
      fc.property(bodies, extras, styles, fc.boolean(), (body, extra, style, mark) => {
        const json = render({ ...extra, ...body }, style);
        const expected = parseChatRequest(JSON.parse(new TextDecoder().decode(utf8.encode(json))));
        const actual = read(mark ? `\ufeff${json}` : json);
        if (!expected.ok) {
          expect(actual).toEqual(expected);
          return;
        }
        valid++;
        if (!actual.ok) throw new Error(actual.error.message);
        const { caller } = actual;
        const { messages, tools } = expected.request;
        expect(caller.outline).toEqual(chatOutline(expected.request));
        expect(actual.losses).toEqual(expected.losses);
        expect(new Set(caller.fields)).toEqual(new Set(Object.keys(expected.request)));
        expect(caller.neutral()).toEqual(decodeChatRequest(expected.request));
        expect(caller.needs).toEqual(chatNeeds(expected.request));
        expect(caller.needs).toEqual(needsOf(caller.neutral()));
        expect(caller.canPassThrough).toBe(canPassThrough(expected.request));
        const sent: unknown = JSON.parse(
          decodeByteText(
            encodePassthroughChatRequest(caller, {
              model: "möd",
              stream: false,
              maxOutputTokens: null,
              maxTokensField: "max_tokens",
              dropFields: [],
            }),
          ),
        );
        expect(sent).toMatchObject({
          model: "möd",
          messages,
          ...(tools === undefined ? {} : { tools }),
        });
      }),
      // About one body in fourteen is valid.
      { numRuns: 1500 },
    );
    expect(valid).toBeGreaterThan(20);
  });

  test("prompts in UTF-8 are measured exactly, whatever their length", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 40 }),
        (piece, times) => {
          const content = `é${piece.repeat(times)}`;
          const body = read(JSON.stringify({ model: "m", messages: [{ role: "user", content }] }));
          if (!body.ok) throw new Error(body.error.message);
          expect(body.caller.prompt).toEqual({ bytes: utf8.encode(content).length });
        },
      ),
    );
  });

  test("prompts in ASCII are measured as text", () => {
    const body = { model: "m", messages: [{ role: "user", content: "日本語 🍓 naïve" }] };
    const escaped = read(render(body, "escaped"));
    if (!escaped.ok) throw new Error(escaped.error.message);
    expect(escaped.caller.prompt).toEqual(
      measurePrompt({ messages: [{ role: "user", content: "日本語 🍓 naïve" }] }).size,
    );
  });
});

test("plain messages are taken as the schema takes them", () => {
  const loose = fc.record(
    {
      role: fc.constantFrom("system", "developer", "user", "assistant", "tool", "function", "x", 1),
      content: fc.oneof(text, fc.constantFrom(null, 1, [])),
      name: fc.oneof(text, fc.constant(1)),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(loose, { maxLength: 3 }), (messages) => {
      const expected = chatRequestSchema.safeParse({ model: "m", messages });
      const actual = parseChatRequest({ model: "m", messages });
      expect(actual.ok).toBe(expected.success);
      if (actual.ok) expect(actual.request).toEqual(expected.data);
    }),
    { numRuns: 300 },
  );
});

test("bytes that are no UTF-8 go on as they came, and are read as U+FFFD", () => {
  const bytes = new Uint8Array([
    ...utf8.encode('{"model":"m","prompt_cache_key":"'),
    0xff,
    ...utf8.encode('","messages":[{"role":"user","content":"'),
    0xc3,
    ...utf8.encode('"}]}'),
  ]);
  const body = readChatRequest(createRawBody(bytes));
  if (!body.ok) throw new Error(body.error.message);
  expect(body.caller.outline.promptCacheKey).toBe("\ufffd");
  const [first] = body.caller.neutral().messages;
  expect(JSON.stringify(first)).toContain("\ufffd");
  const sent = encodePassthroughChatRequest(body.caller, {
    model: "m",
    stream: false,
    maxOutputTokens: null,
    maxTokensField: "max_tokens",
    dropFields: [],
  });
  expect([...fromByteText(sent)].filter((byte) => byte > 0x7f)).toEqual([0xff, 0xc3]);
});

test("faults are told in the caller's own words", () => {
  const broken = read("é");
  expect(broken).toMatchObject({ ok: false, error: { code: "invalid_request" } });
  if (!broken.ok) expect(broken.error.message).toContain("é");
  expect(read('["é"]')).toMatchObject({ error: { message: "The body must be a JSON object." } });
  const unknown = read('{"model":"m","messages":[{"role":"user","content":"x"}],"größe":1}');
  expect(unknown.ok && unknown.losses[0]?.message).toContain("'größe'");
});

test("byte text and bytes are one", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromByteText(toByteText(bytes))).toEqual(bytes);
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const json = stringifyAscii(value);
      expect(/^[\0-\x7f]*$/.test(json)).toBe(true);
      expect(JSON.stringify(JSON.parse(json))).toBe(JSON.stringify(value));
    }),
  );
});
