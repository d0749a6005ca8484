import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRawBody, decodeByteText } from "../bytes/raw-body.ts";
import { UnreadableRequestError } from "../errors/unreadable-request-error.ts";
import { keyedPrefix } from "../measure/prefix-chain.ts";
import type { CallerRequest, ReadRequest } from "../request/caller-request.ts";
import { parseBody } from "../request/parse-body.ts";
import { chatNeeds } from "./chat-needs.ts";
import { decodeChatRequest } from "./decode-request.ts";
import { canPassThrough, encodePassthroughChatRequest } from "./encode-passthrough-request.ts";
import { parseChatRequest } from "./parse-chat-request.ts";
import { chatOutline, readChatRequest } from "./read-chat-request.ts";

const utf8 = new TextEncoder();
const read = (json: string): ReadRequest => readChatRequest(createRawBody(utf8.encode(json)));
const taken = (json: string): CallerRequest => {
  const got = read(json);
  if (!got.ok) throw new Error(got.error.message);
  return got.caller;
};
const chatBody = (content: unknown, more: object = {}): string =>
  JSON.stringify({ model: "m", messages: [{ role: "user", content }], ...more });

/** Everything that a JSON string escapes, or that is more than a byte, for lengths on both sides of long. */
const piece = fc.string({
  unit: fc.constantFrom("a", " ", '"', "\\", "\n", "\t", "\u0001", "é", "日", "🍓", "/", "\u007f"),
  minLength: 1,
  maxLength: 12,
});
const text = fc
  .tuple(piece, piece, fc.integer({ min: 1, max: 12_000 }))
  .map(([one, other, length]) => (one + other).repeat(Math.ceil(length / (one + other).length)));
const message = fc.oneof(
  fc.record({ role: fc.constantFrom("system", "user", "assistant"), content: text }),
  fc.record({
    role: fc.constant("user"),
    content: fc.array(fc.record({ type: fc.constant("text"), text }), { minLength: 1 }),
  }),
  fc.record({ role: fc.constant("tool"), tool_call_id: fc.constant("c"), content: text }),
);
const bodies = fc.record({
  model: fc.constant("m"),
  messages: fc.array(message, { minLength: 1, maxLength: 4 }),
  tools: fc.constant([
    { type: "function", function: { name: "f", description: `"text":"${"x".repeat(10_000)}` } },
  ]),
  prompt_cache_key: fc.constantFrom("short", "text"),
});

/** The same JSON, with what is not ASCII escaped, and blanks around colons. */
const escaped = (json: string): string =>
  json
    .replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll('"content":', '"content" :\n ');

describe("a body with long texts is read as any other", () => {
  test("outline, needs, neutral form, and what a provider gets", () => {
    fc.assert(
      fc.property(bodies, fc.boolean(), (body, escapes) => {
        const plain = JSON.stringify(body);
        const json = escapes ? escaped(plain) : plain;
        const expected = parseChatRequest(JSON.parse(json));
        if (!expected.ok) throw new Error(expected.error.message);
        const caller = taken(json);
        expect(caller.outline).toEqual(chatOutline(expected.request));
        expect(caller.needs).toEqual(chatNeeds(expected.request));
        expect(caller.canPassThrough).toBe(canPassThrough(expected.request));
        expect(caller.neutral()).toEqual(decodeChatRequest(expected.request));
        const sent = encodePassthroughChatRequest(caller, {
          model: "other",
          stream: false,
          maxOutputTokens: 9,
          maxTokensField: "max_tokens",
          dropFields: [],
        });
        expect(JSON.parse(decodeByteText(sent))).toEqual({
          ...body,
          model: "other",
          max_tokens: 9,
        });
      }),
    );
  });

  test("their bytes are counted, exactly where nothing is escaped, and closely where it is even", () => {
    fc.assert(
      fc.property(piece, fc.integer({ min: 8200, max: 40_000 }), (one, length) => {
        const content = one.repeat(Math.ceil(length / one.length));
        const bytes = utf8.encode(content).length;
        const counted = taken(chatBody(content)).prompt.bytes;
        if (JSON.stringify(one) === `"${one}"`) expect(counted).toBe(bytes);
        expect(Math.abs(counted - bytes) / bytes).toBeLessThan(0.15);
        const other = taken(escaped(chatBody(content))).prompt.bytes;
        expect(Math.abs(other - bytes) / bytes).toBeLessThan(0.15);
      }),
    );
  });

  test("a conversation goes on from them", () => {
    const conversation = fc.array(message, { minLength: 1, maxLength: 4 });
    const hashes = (messages: readonly unknown[]): readonly number[] =>
      keyedPrefix(taken(JSON.stringify({ model: "m", messages })).chain, "w").map(
        ({ hash }) => hash,
      );
    fc.assert(
      fc.property(conversation, conversation, (said, more) => {
        const now = hashes(said);
        expect(new Set(now).size).toBe(now.length);
        expect(hashes([...said, ...more]).slice(0, now.length)).toEqual(now);
      }),
    );
  });

  test("whatever differs in them parts the chains", () => {
    fc.assert(
      fc.property(text, fc.nat(), (content, where) => {
        const place = where % content.length;
        const swapped = content.charCodeAt(place) === 0x41 ? "B" : "A";
        const other = `${content.slice(0, place)}${swapped}${content.slice(place + 1)}`;
        const last = (one: string) => taken(chatBody(one)).chain.at(-1);
        expect(last(other)).not.toMatchObject({
          high: last(content)?.high,
          low: last(content)?.low,
        });
      }),
    );
  });
});

describe("what is none", () => {
  const long = "x".repeat(10_000);
  const bad = (inside: string): string => chatBody(`${long}@${long}`).replace("@", inside);
  const told = (json: string) => parseBody({ bytes: utf8.encode(json) });

  test.each(["\n", "\0", "\u001f", "\t"])(
    "is refused for a bare %j wherever it stands",
    (control) => {
      for (let length = 10_000; length < 10_020; length += 1) {
        const json = chatBody(`${"x".repeat(length)}@${"y".repeat(length % 9)}`).replace(
          "@",
          control,
        );
        expect(read(json)).toEqual(told(json));
        expect(read(json).ok).toBe(false);
      }
    },
  );

  test.each(["\\x", "\\u12", "\\u12g4"])("is found where it is read, for %s", (escape) => {
    const json = bad(escape);
    const expected = told(json);
    if (expected.ok) throw new Error("this is no JSON");
    const caller = taken(json);
    expect(caller.outline.model).toBe("m");
    expect(() => caller.neutral()).toThrow(UnreadableRequestError);
    expect(() => caller.neutral()).toThrow(expected.error.message);
  });

  test.each([
    bad('"'),
    bad('","content":7,"x":"'),
    chatBody(long).slice(0, -1),
    chatBody(long).slice(0, 9000),
    `${chatBody(long)},`,
    `[${chatBody(long)}]`,
    chatBody(long).replace('"user"', "user"),
    chatBody(long, { temperature: 9 }),
    chatBody(long, { tools: [{ type: "other" }] }),
    chatBody([{ type: "text", text: long }, { type: "text" }]),
    chatBody(long, { model: long, user: long, prompt_cache_key: `${long}é` }),
  ])("and what is wrong elsewhere is told as ever", (json) => {
    const body = told(json);
    const expected = body.ok ? parseChatRequest(body.value) : body;
    const got = read(json);
    expect(got.ok).toBe(expected.ok);
    if (!got.ok) expect(got).toEqual(expected);
  });
});

test("a caller may say what stands for a long text", () => {
  const names = ["\u007f0 long text", "\u007f1 long text"];
  const json = JSON.stringify({
    model: "m",
    messages: [...names, "z".repeat(10_000)].map((content) => ({ role: "user", content })),
  });
  const { messages } = taken(json).neutral();
  expect(messages.map((one) => JSON.stringify(one).includes("z".repeat(10_000)))).toEqual([
    false,
    false,
    true,
  ]);
});
