import { exampleKey, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

export const keyCases = ({ test, expect }: Suite): void => {
  test("a key is found by its hash and in its workspace", async ({ keys }) => {
    const key = exampleKey("k", {
      scopes: ["inference", "budgets:read"],
      rateLimitRpm: 60,
      expiresAtMs: NOON_MS + 1,
      models: ["gpt-4o"],
      providers: ["openai", "mistral"],
      createdByKeyId: "root",
    });
    expect(await keys.create(key)).toBe("created");
    expect(await keys.findByHash("hash of k")).toEqual(key);
    expect(await keys.get("w", "k")).toEqual(key);
    expect(await keys.get("v", "k")).toBe(null);
    expect(await keys.findByHash("hash of l")).toBe(null);
  });

  test("ids and hashes are unique", async ({ keys }) => {
    await keys.create(exampleKey("k"));
    expect(await keys.create(exampleKey("k", { keyHash: "other" }))).toBe("duplicate");
    expect(await keys.create(exampleKey("l", { keyHash: "hash of k" }))).toBe("duplicate");
    expect(await keys.findByHash("other")).toBe(null);
    expect(await keys.get("w", "l")).toBe(null);
  });

  test("a change holds for every look-up, in every process", async ({ keys }, handles) => {
    await keys.create(exampleKey("k"));
    const change = { name: "new", isActive: false, rateLimitRpm: 5 };
    const changed = exampleKey("k", change);
    expect(await keys.update("w", "k", change)).toEqual(changed);
    for (const handle of handles) {
      expect(await handle.keys.findByHash("hash of k")).toEqual(changed);
    }
    const cleared = await keys.update("w", "k", { rateLimitRpm: null });
    expect(cleared).toEqual({ ...changed, rateLimitRpm: null });
    expect(await keys.update("v", "k", change)).toBe(null);
    expect(await keys.update("w", "l", change)).toBe(null);
  });

  test("a deleted key is gone at once, and its hash is free", async ({ keys }, handles) => {
    await keys.create(exampleKey("k"));
    expect(await keys.delete("v", "k")).toBe(false);
    expect(await keys.delete("w", "k")).toBe(true);
    expect(await keys.delete("w", "k")).toBe(false);
    for (const handle of handles) expect(await handle.keys.findByHash("hash of k")).toBe(null);
    expect(await keys.create(exampleKey("k"))).toBe("created");
  });

  test("keys are listed by page, oldest first", async ({ keys }) => {
    for (const [index, id] of ["k3", "k1", "k2"].entries()) {
      await keys.create(exampleKey(id, { createdAtMs: NOON_MS + index }));
    }
    await keys.create(exampleKey("other", { workspaceId: "v" }));
    const pageAt = async (after: string | null, limit: number) => {
      const { items, hasMore } = await keys.list("w", { after, limit });
      return [items.map(({ id }) => id), hasMore];
    };
    expect(await pageAt(null, 2)).toEqual([["k3", "k1"], true]);
    expect(await pageAt("k1", 2)).toEqual([["k2"], false]);
    expect(await pageAt(null, 3)).toEqual([["k3", "k1", "k2"], false]);
    expect(await pageAt("k2", 2)).toEqual([[], false]);
    expect(await pageAt("unknown", 2)).toEqual([[], false]);
  });

  test("a use is noted and never taken back", async ({ keys }) => {
    await keys.create(exampleKey("k"));
    await keys.touch("k", NOON_MS + 5);
    await keys.touch("k", NOON_MS + 2);
    await keys.touch("unknown", NOON_MS);
    expect((await keys.get("w", "k"))?.lastUsedAtMs).toBe(NOON_MS + 5);
  });
};
