import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createRawBody,
  encodePassthroughMessagesRequest,
  messagesRequestSchema,
  readMessagesRequest,
} from "../index.ts";
import { decode, encode, minimal } from "../../test/messages-requests.ts";
import type { Body } from "../../test/messages-requests.ts";

const mark = fc.constantFrom(
  {},
  { cache_control: { type: "ephemeral" } },
  { cache_control: { type: "ephemeral", ttl: "1h" } },
);
const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() === text);
const text = fc
  .tuple(word, mark)
  .map(([value, cache]) => ({ type: "text", text: value, ...cache }));
const image = fc
  .tuple(
    fc.constantFrom(
      { type: "base64", media_type: "image/png", data: "aGk=" },
      { type: "url", url: "https://example.org/a.png" },
      { type: "file", file_id: "file_1" },
    ),
    mark,
  )
  .map(([source, cache]) => ({ type: "image", source, ...cache }));
const document = fc
  .tuple(
    fc.constantFrom(
      { type: "base64", media_type: "application/pdf", data: "aGk=" },
      { type: "url", url: "https://example.org/a.pdf" },
      { type: "content", content: "inside" },
    ),
    mark,
  )
  .map(([source, cache]) => ({ type: "document", source, title: "A", ...cache }));
const native = fc.constantFrom(
  { type: "search_result", source: "s", title: "t", content: [] },
  { type: "container_upload", file_id: "file_2" },
);
const userBlock = fc.oneof(text, image, document, native);
const thinking = fc.constantFrom(
  { type: "thinking", thinking: "Hm.", signature: "c2ln" },
  { type: "thinking", thinking: "", signature: "c2ln" },
  { type: "redacted_thinking", data: "b3BhcXVl" },
);
const serverTool = fc.constantFrom(
  { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } },
  { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] },
);

/** Turns by turns; each call has its result, first in the turn that follows. */
const conversation = fc
  .array(
    fc.record({
      said: fc.array(userBlock, { minLength: 1, maxLength: 2 }),
      answer: fc.array(fc.oneof(text, serverTool), { minLength: 1, maxLength: 2 }),
      thought: fc.array(thinking, { maxLength: 1 }),
      calls: fc.array(fc.tuple(word, mark, fc.array(text, { maxLength: 2 }), fc.boolean()), {
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((rounds) => {
    const turns: Body[] = [];
    let results: Body[] = [];
    for (const [round, { said, answer, thought, calls }] of rounds.entries()) {
      turns.push({ role: "user", content: [...results, ...said] });
      const uses = calls.map(([key, cache], place) => ({
        type: "tool_use",
        id: `toolu_${round}_${place}`,
        name: "tool",
        input: { key },
        ...cache,
      }));
      turns.push({ role: "assistant", content: [...thought, ...answer, ...uses] });
      results = calls.map(([, , content, failed], place) => ({
        type: "tool_result",
        tool_use_id: `toolu_${round}_${place}`,
        content,
        ...(failed ? { is_error: true } : {}),
      }));
    }
    turns.push({ role: "user", content: [...results, { type: "text", text: "Go on" }] });
    return turns;
  });

const tool = fc.tuple(mark, fc.boolean()).map(([cache, strict]) => ({
  name: "tool",
  description: "d",
  input_schema: { type: "object", properties: { key: { type: "string" } } },
  strict,
  ...cache,
}));

const requestBody = fc.record(
  {
    messages: conversation,
    system: fc.oneof(word, fc.array(text, { minLength: 1, maxLength: 2 })),
    tools: fc.tuple(tool).map(([only]) => [only, { type: "web_search_20250305", name: "s" }]),
    tool_choice: fc.constantFrom(
      { type: "auto" },
      { type: "any", disable_parallel_tool_use: true },
      { type: "tool", name: "tool" },
      { type: "none" },
    ),
    stop_sequences: fc.array(word, { minLength: 1, maxLength: 2 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    top_k: fc.nat({ max: 50 }),
    metadata: fc.constant({ user_id: "u" }),
    output_config: fc.constant({
      format: {
        type: "json_schema",
        schema: { type: "object", properties: {}, additionalProperties: false },
      },
    }),
    cache_control: fc.constant({ type: "ephemeral" }),
    service_tier: fc.constant("auto"),
    context_management: fc.constant({ edits: [] }),
  },
  { requiredKeys: ["messages", "tools"] },
);

test("what the wire says comes back from the neutral form without a loss", () => {
  fc.assert(
    fc.property(requestBody, (body) => {
      const request = decode(body);
      const { body: written, losses } = encode(request);
      expect(losses).toEqual([]);
      expect(messagesRequestSchema.safeParse(written).success).toBe(true);
      expect(decode(written)).toEqual(request);
    }),
  );
});

test("a pass-through holds the caller's own JSON, but for what the gateway owns", () => {
  fc.assert(
    fc.property(requestBody, fc.boolean(), (fields, stream) => {
      const own = { gateway: { metadata: { user_id: "g" } }, unknown: { a: "ü" }, top_p: null };
      const body = { ...minimal, ...fields, ...own, stream };
      const bytes = new TextEncoder().encode(JSON.stringify(body));
      const read = readMessagesRequest(createRawBody(bytes), { betas: [], purpose: "answer" });
      if (!read.ok) throw new Error(read.error.message);
      expect(read.caller.canPassThrough).toBe(true);
      const byteText = encodePassthroughMessagesRequest(read.caller, {
        model: "claude-ü",
        stream,
        maxOutputTokens: 7,
        dropFields: ["top_k"],
      });
      const sent = new TextDecoder().decode(Uint8Array.from(byteText, (c) => c.charCodeAt(0)));
      const { top_k: _topK, ...kept } = fields;
      expect(JSON.parse(sent)).toEqual({
        ...kept,
        model: "claude-ü",
        max_tokens: 7,
        ...(stream ? { stream } : {}),
      });
    }),
  );
});
