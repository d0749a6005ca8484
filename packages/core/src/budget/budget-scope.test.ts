import { describe, expect, it } from "vitest";
import { countsSpending } from "./budget-scope.ts";
import type { BudgetScope, Spender } from "./budget-scope.ts";

const platform: Spender = { keyId: "k1", provider: "openai", byok: false };
const own: Spender = { ...platform, byok: true };

describe("countsSpending", () => {
  it.each([
    [{ type: "workspace", includeByok: false }, true, false],
    [{ type: "workspace", includeByok: true }, true, true],
    [{ type: "api_key", keyId: "k1", includeByok: false }, true, false],
    [{ type: "api_key", keyId: "k1", includeByok: true }, true, true],
    [{ type: "api_key", keyId: "k2", includeByok: true }, false, false],
    [{ type: "byok_provider", provider: "openai" }, false, true],
    [{ type: "byok_provider", provider: "mistral" }, false, false],
    [{ type: "byok" }, false, true],
    [{ type: "credits" }, true, false],
  ] as const satisfies readonly (readonly [BudgetScope, boolean, boolean])[])(
    "%j counts platform spending: %s, own keys': %s",
    (scope, countsPlatform, countsOwn) => {
      expect(countsSpending(scope, platform)).toBe(countsPlatform);
      expect(countsSpending(scope, own)).toBe(countsOwn);
    },
  );
});
