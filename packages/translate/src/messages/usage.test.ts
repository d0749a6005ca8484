import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeMessagesUsage, renderMessagesUsage } from "../index.ts";
import { zero } from "../../test/messages-answers.ts";

describe("usage", () => {
  test.each([
    [
      { input_tokens: 5, output_tokens: 7 },
      { inputTokens: 5, outputTokens: 7 },
    ],
    [
      {
        input_tokens: 5,
        cache_read_input_tokens: 11,
        cache_creation_input_tokens: 13,
        cache_creation: { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 10 },
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 4 },
      },
      {
        inputTokens: 5,
        cacheReadTokens: 11,
        cacheWrite5mTokens: 3,
        cacheWrite1hTokens: 10,
        outputTokens: 3,
        reasoningTokens: 4,
      },
    ],
    [
      { input_tokens: 1, output_tokens: 2, output_tokens_details: { thinking_tokens: 9 } },
      { inputTokens: 1, reasoningTokens: 2 },
    ],
    [
      { input_tokens: 1, output_tokens: null, cache_creation: null, server_tool_use: null },
      { inputTokens: 1 },
    ],
    [
      {
        input_tokens: 10,
        output_tokens: 5,
        iterations: [
          {
            type: "compaction",
            input_tokens: 100,
            output_tokens: 20,
            cache_creation_input_tokens: 7,
          },
          { type: "message", input_tokens: 10, output_tokens: 5 },
          { type: "advisor_message", input_tokens: 900, output_tokens: 900 },
        ],
      },
      { inputTokens: 110, outputTokens: 25, cacheWrite5mTokens: 7 },
    ],
    [
      {
        input_tokens: 10,
        output_tokens: 5,
        iterations: [
          { type: "message", input_tokens: 10, output_tokens: 1 },
          { type: "fallback_message", input_tokens: 10, output_tokens: 5 },
        ],
      },
      { inputTokens: 10, outputTokens: 5 },
    ],
    [
      { input_tokens: 1, output_tokens: 1, server_tool_use: { web_search_requests: 2 } },
      { inputTokens: 1, outputTokens: 1, webSearches: 2 },
    ],
  ])("%j", (raw, usage) => {
    expect(decodeMessagesUsage(raw)).toEqual({ ...zero, ...usage });
  });

  test.each([null, {}, { service_tier: "standard" }])("%j is unknown, not zero", (raw) => {
    expect(decodeMessagesUsage(raw)).toBeNull();
  });

  test("buckets add up to what the wire counts, and are never negative", () => {
    const count = fc.option(fc.nat({ max: 1000 }), { nil: null });
    const raw = fc.record({
      input_tokens: fc.nat({ max: 1000 }),
      output_tokens: count,
      cache_read_input_tokens: count,
      cache_creation_input_tokens: count,
      cache_creation: fc.option(fc.record({ ephemeral_1h_input_tokens: fc.nat({ max: 2000 }) }), {
        nil: null,
      }),
      output_tokens_details: fc.option(fc.record({ thinking_tokens: fc.nat({ max: 2000 }) }), {
        nil: null,
      }),
    });
    fc.assert(
      fc.property(raw, (said) => {
        const usage = decodeMessagesUsage(said);
        if (usage === null) throw new Error("counted");
        for (const tokens of Object.values(usage)) expect(tokens).toBeGreaterThanOrEqual(0);
        const again = renderMessagesUsage(usage);
        expect(again.input_tokens).toBe(said.input_tokens);
        expect(again.output_tokens).toBe(said.output_tokens ?? 0);
        expect(again.cache_read_input_tokens).toBe(said.cache_read_input_tokens ?? 0);
        if (said.cache_creation_input_tokens !== null) {
          expect(again.cache_creation_input_tokens).toBe(said.cache_creation_input_tokens);
        }
        expect(decodeMessagesUsage(again)).toEqual(usage);
      }),
    );
  });
});
