import type { CachePolicy } from "@pointsman/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPrefixCache } from "./prefix-cache.ts";
import { prefixChain } from "./prefix-chain.ts";

const policy: CachePolicy = {
  mode: "auto",
  minimumTokens: 8,
  blockTokens: 4,
  ttlSeconds: 60,
  oneHour: false,
};

const chain = (text: string, scope = "account") =>
  prefixChain(scope, [{ text, tokens: null }], policy.blockTokens);

const digits = (count: number): string => "7 ".repeat(count).trim();

describe("prefix cache", () => {
  test("reads whole blocks of what was written, never the whole prompt", () => {
    const cache = createPrefixCache();
    const first = chain(digits(12));
    expect(first.tokens).toBe(12);
    expect(cache.read(first, policy, 0)).toBe(0);
    expect(cache.write(first, policy, 0)).toBe(12);
    expect(cache.read(first, policy, 1)).toBe(8);
    expect(cache.read(chain(`${digits(12)} and more`), policy, 1)).toBe(12);
    expect(cache.read(chain(`other ${digits(12)}`), policy, 1)).toBe(0);
  });

  test("accounts do not share, short prompts take no part, entries live from their last use", () => {
    const cache = createPrefixCache();
    cache.write(chain(digits(12)), policy, 0);
    expect(cache.read(chain(digits(12), "another account"), policy, 0)).toBe(0);
    expect(cache.write(chain(digits(7)), policy, 0)).toBe(0);
    expect(cache.read(chain(digits(13)), policy, 50_000)).toBe(12);
    expect(cache.read(chain(digits(13)), policy, 110_000)).toBe(12);
    expect(cache.read(chain(digits(13)), policy, 170_001)).toBe(0);
  });

  test("a shared front is read whatever follows", () => {
    const cache = createPrefixCache();
    fc.assert(
      fc.property(fc.nat(60), fc.nat(20), fc.nat(20), (front, left, right) => {
        const shared = { text: digits(front), tokens: null };
        const ending = (word: string, count: number) => [
          shared,
          { text: ` ${word}`.repeat(count), tokens: null },
        ];
        cache.write(prefixChain("a", ending("left", left), 4), policy, 0);
        const next = prefixChain("a", ending("right", right), 4);
        const read = cache.read(next, policy, 0);
        const expected = Math.floor(Math.min(front, next.tokens - 1) / 4) * 4;
        if (front + left >= 8 && front + right >= 8 && expected >= 8) {
          expect(read).toBeGreaterThanOrEqual(expected);
        }
        expect(read % 4).toBe(0);
        expect(read).toBeLessThan(Math.max(1, next.tokens));
      }),
    );
  });
});
