import { describe, expect, it } from "vitest";
import { createKeyRing, hasScope, prefixOfKey } from "./key-ring.ts";
import type { KeyEntry } from "./key-ring.ts";

const entry = (secret: string, overrides: Partial<KeyEntry> = {}): KeyEntry => ({
  secret,
  keyName: secret,
  workspace: "default",
  scopes: new Set(["inference"]),
  expiresAtMs: null,
  models: [],
  providers: [],
  rateLimitRpm: null,
  ...overrides,
});

const ring = createKeyRing([entry("one"), entry("two"), entry("brief", { expiresAtMs: 1000 })]);
const nameOf = (headers: Parameters<typeof ring.authenticate>[0], nowMs = 0) => {
  const result = ring.authenticate(headers, nowMs, {});
  // Nothing is asked of a store: it is known at once.
  if (result instanceof Promise) throw new TypeError("a ring without a store answers at once");
  return result.ok ? result.principal.keyName : result.error.code;
};

describe("a key", () => {
  it.each([
    [{ authorization: "Bearer one" }, "one"],
    [{ authorization: "bearer  two " }, "two"],
    [{ "x-api-key": "two" }, "two"],
    [{ authorization: "Bearer one", "x-api-key": "two" }, "one"],
    [{ authorization: "Bearer three", "x-api-key": "two" }, "invalid_api_key"],
    [{ authorization: "Basic one" }, "invalid_api_key"],
    [{ authorization: "Bearer one two" }, "invalid_api_key"],
    [{ authorization: "" }, "invalid_api_key"],
    [{ "x-api-key": "" }, "invalid_api_key"],
    [{}, "invalid_api_key"],
  ])("in %j is %s", (headers, expected) => {
    expect(nameOf(headers)).toBe(expected);
  });

  it("ends at its moment", () => {
    expect(nameOf({ authorization: "Bearer brief" }, 999)).toBe("brief");
    expect(nameOf({ authorization: "Bearer brief" }, 1000)).toBe("expired_api_key");
  });

  it("is known by what is sent now, whatever was sent before on the connection", () => {
    const connection = {};
    const sent = ["one", "one", "two", "six", "one", "onE", "o", "", "two"];
    const told = sent.map((secret) => {
      const result = ring.authenticate({ authorization: `Bearer ${secret}` }, 0, connection);
      return !(result instanceof Promise) && result.ok ? result.principal.keyName : null;
    });
    expect(told).toEqual(["one", "one", "two", null, "one", null, null, null, "two"]);
  });

  it("is kept nowhere in the ring's principals", () => {
    const result = ring.authenticate({ authorization: "Bearer one" }, 0, {});
    expect(result).not.toHaveProperty("principal.secret");
  });
});

describe("what is shown of a key", () => {
  it("is its start, and never more than a third", () => {
    expect(prefixOfKey("pm_live_0123456789abcdefghijklmnopqrstuvwxyz")).toBe("pm_live_0123");
    expect(prefixOfKey("short-key")).toBe("sho");
    expect(prefixOfKey("ab")).toBe("");
  });
});

describe("scopes", () => {
  it.each([
    [["inference"], "inference", true],
    [["inference"], "usage:read", false],
    [["admin"], "keys:write", true],
    [["keys:write"], "keys:read", true],
    [["keys:read"], "keys:write", false],
  ])("%j hold %s: %s", (scopes, scope, expected) => {
    const given = entry("x", { scopes: new Set(scopes) });
    const principal = { ...given, keyId: "k", keyPrefix: "x", createdAtMs: null };
    expect(hasScope(principal, scope)).toBe(expected);
  });
});
