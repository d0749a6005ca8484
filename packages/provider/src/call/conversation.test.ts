import { expect, test } from "vitest";
import { chatCall, plainOffering } from "../../test/loopback.ts";
import { conversationParts, retainingModels } from "./conversation.ts";

const hint = { kind: "prompt_cache_key", retains: retainingModels } as const;

const callAt = (providerModelId: string, zeroRetention = false) =>
  chatCall(
    {},
    {
      offering: { ...plainOffering, providerModelId },
      caching: { marks: [], conversationId: () => "c0ffee", zeroRetention },
    },
  );

test.each([
  ["gpt-5", false, true],
  ["gpt-5-mini-2025-08-07", false, true],
  ["gpt-5.2", false, true],
  ["gpt-4.1-nano", false, true],
  ["gpt-5.2", true, false],
  ["gpt-5.4", false, false],
  ["gpt-4o", false, false],
])("the cache of %s is kept a day (zero retention: %s): %s", (model, zeroRetention, retained) => {
  expect(conversationParts(callAt(model, zeroRetention), hint, []).fields).toEqual({
    prompt_cache_key: "c0ffee",
    ...(retained ? { prompt_cache_retention: "24h" } : {}),
  });
});

test("what the caller says itself is let be, and nothing is said where nothing is cached", () => {
  for (const field of ["prompt_cache_key", "prompt_cache_retention"]) {
    expect(conversationParts(callAt("gpt-5"), hint, [field]).fields).toEqual({});
  }
  expect(conversationParts(chatCall(), hint, []).fields).toEqual({});
  expect(conversationParts(callAt("gpt-5"), { kind: "user" }, ["user"]).fields).toEqual({});
});
