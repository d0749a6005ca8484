import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalChatDialect } from "./chat-dialect.ts";
import { decodeChatUsage } from "./decode-usage.ts";
import { renderUsage } from "./render-usage.ts";

const openai = canonicalChatDialect;
const xai = { ...canonicalChatDialect, reasoningInOutput: false };

describe("decodeChatUsage", () => {
  test("no usage is not zero usage", () => {
    for (const raw of [null, undefined, "x", {}, { prompt_tokens: null }, []]) {
      expect(decodeChatUsage(raw, openai)).toBeNull();
    }
    expect(decodeChatUsage({ prompt_tokens: 0 }, openai)).toMatchObject({ inputTokens: 0 });
  });

  test("cached and written stand inside the prompt, reasoning inside the output", () => {
    const raw = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 30, audio_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 20, image_tokens: 10 },
    };
    expect(decodeChatUsage(raw, openai)).toEqual({
      inputTokens: 25,
      cacheReadTokens: 40,
      cacheWrite5mTokens: 30,
      cacheWrite1hTokens: 0,
      audioInputTokens: 5,
      outputTokens: 20,
      reasoningTokens: 20,
      imageOutputTokens: 10,
    });
  });

  test("each vendor's place for cached tokens", () => {
    const base = { prompt_tokens: 10, completion_tokens: 1, prompt_tokens_details: null };
    const cached = (raw: object, cachedField: "deepseek" | "moonshot" | "mistral"): unknown =>
      decodeChatUsage({ ...base, ...raw }, { ...openai, cachedField })?.cacheReadTokens;
    expect(cached({ prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 }, "deepseek")).toBe(4);
    expect(cached({ cached_tokens: 5 }, "moonshot")).toBe(5);
    expect(cached({ num_cached_tokens: 6 }, "mistral")).toBe(6);
    expect(cached({ prompt_tokens_details: { cached_tokens: 7 } }, "mistral")).toBe(7);
  });

  test("reasoning on top of the output is seen by the total, else by the vendor's habit", () => {
    const counts = { prompt_tokens: 10, completion_tokens: 5 };
    const details = { completion_tokens_details: { reasoning_tokens: 3 } };
    const read = (raw: object, dialect: typeof openai): unknown => {
      const usage = decodeChatUsage({ ...counts, ...details, ...raw }, dialect);
      return [usage?.outputTokens, usage?.reasoningTokens];
    };
    expect(read({ total_tokens: 15 }, openai)).toEqual([2, 3]);
    expect(read({ total_tokens: 18 }, openai)).toEqual([5, 3]);
    expect(read({ total_tokens: 18 }, xai)).toEqual([5, 3]);
    expect(read({}, xai)).toEqual([5, 3]);
    expect(read({ total_tokens: 15 }, xai)).toEqual([2, 3]);
  });

  const count = fc.oneof(
    fc.nat(1000),
    fc.constantFrom<unknown>(null, undefined, -5, 1.5, "7", Number.NaN),
  );
  const raws = fc.record(
    {
      prompt_tokens: fc.nat(1000),
      completion_tokens: fc.nat(1000),
      prompt_tokens_details: fc.option(
        fc.record({
          cached_tokens: count,
          cache_write_tokens: count,
          audio_tokens: count,
          image_tokens: count,
        }),
      ),
      completion_tokens_details: fc.option(
        fc.record({ reasoning_tokens: count, audio_tokens: count, image_tokens: count }),
      ),
    },
    { requiredKeys: ["prompt_tokens", "completion_tokens"] },
  );

  test("totals are conserved, no bucket is negative, and it renders back", () => {
    fc.assert(
      fc.property(raws, (raw) => {
        const usage = decodeChatUsage(raw, openai);
        if (usage === null) throw new Error("no usage");
        for (const value of Object.values(usage)) {
          expect(Number.isInteger(value) && value >= 0).toBe(true);
        }
        const rendered = renderUsage(usage);
        expect(rendered.prompt_tokens).toBe(raw.prompt_tokens);
        expect(rendered.completion_tokens).toBe(raw.completion_tokens);
        expect(rendered.total_tokens).toBe(raw.prompt_tokens + raw.completion_tokens);
        expect(decodeChatUsage(rendered, openai)).toEqual(usage);
      }),
    );
  });
});
