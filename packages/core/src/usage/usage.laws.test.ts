import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addUsage } from "./add-usage.ts";
import { completionTokensOf, emptyUsage, promptTokensOf, usageBuckets } from "./usage.ts";
import type { Usage } from "./usage.ts";

const usages: fc.Arbitrary<Usage> = fc
  .dictionary(fc.constantFrom(...usageBuckets), fc.nat(1_000_000))
  .map((buckets) => ({ ...emptyUsage, ...buckets }));

const pieces: readonly (keyof Usage)[] = ["webSearches", "fileSearches"];

describe("usage buckets", () => {
  it("are all known by name", () => {
    // A bucket that the type has and the list has not would not be added up.
    const every: Required<Usage> = {
      ...emptyUsage,
      audioInputTokens: 0,
      audioCacheReadTokens: 0,
      imageInputTokens: 0,
      imageCacheReadTokens: 0,
      videoInputTokens: 0,
      audioOutputTokens: 0,
      imageOutputTokens: 0,
      videoOutputTokens: 0,
      webSearches: 0,
      fileSearches: 0,
    };
    expect(usageBuckets.toSorted()).toEqual(Object.keys(every).toSorted());
  });

  it("conserve tokens: each stands in the prompt or in the answer, once", () => {
    fc.assert(
      fc.property(usages, fc.constantFrom(...usageBuckets), fc.nat(1000), (usage, bucket, more) => {
        const grown = { ...usage, [bucket]: (usage[bucket] ?? 0) + more };
        const added =
          promptTokensOf(grown) +
          completionTokensOf(grown) -
          promptTokensOf(usage) -
          completionTokensOf(usage);
        expect(added).toBe(pieces.includes(bucket) ? 0 : more);
      }),
    );
  });

  it("conserve tokens when added, in any order", () => {
    fc.assert(
      fc.property(usages, usages, (a, b) => {
        const sum = addUsage(a, b);
        expect(promptTokensOf(sum)).toBe(promptTokensOf(a) + promptTokensOf(b));
        expect(completionTokensOf(sum)).toBe(completionTokensOf(a) + completionTokensOf(b));
        expect(addUsage(b, a)).toEqual(sum);
        expect(addUsage(a, emptyUsage)).toEqual(a);
      }),
    );
  });
});
