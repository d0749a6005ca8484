import { exampleByokKey, exampleWorkspace, NOON_MS } from "./examples.ts";
import type { Suite } from "./test-kit.ts";

export const recordCases = ({ test, expect }: Suite): void => {
  test("a record is kept whole, in its workspace and kind", async ({ byokKeys, workspaces }) => {
    const key = exampleByokKey("b", { accountTier: "tier-1", lastValidatedAtMs: NOON_MS });
    expect(await byokKeys.create(key)).toBe("created");
    expect(await byokKeys.get("w", "b")).toEqual(key);
    expect(await byokKeys.get("v", "b")).toBe(null);
    expect(await workspaces.get("w", "b"), "another kind").toBe(null);
    const routing = { optimize: "cost", exclude_providers: [], weights: { cost: 1, ttft: 0.5 } };
    const workspace = exampleWorkspace("w", { routing, routingUpdatedAtMs: NOON_MS });
    expect(await workspaces.create(workspace)).toBe("created");
    expect(await workspaces.get("w", "w")).toEqual(workspace);
  });

  test("ids and unique names are unique within a kind", async ({ byokKeys, workspaces }) => {
    expect(await workspaces.create(exampleWorkspace("w"))).toBe("created");
    expect(await workspaces.create(exampleWorkspace("w", { uniqueName: "x" }))).toBe("duplicate");
    expect(await workspaces.create(exampleWorkspace("v", { uniqueName: "w" }))).toBe("duplicate");
    expect(await workspaces.get("v", "v")).toBe(null);
    expect(await byokKeys.create(exampleByokKey("w")), "another kind").toBe("created");
    expect(await byokKeys.create(exampleByokKey("u")), "no name at all").toBe("created");
    expect(await workspaces.delete("w", "w")).toBe(true);
    expect(await workspaces.create(exampleWorkspace("v", { uniqueName: "w" }))).toBe("created");
  });

  test("a change replaces fields, in every process", async ({ workspaces }, handles) => {
    await workspaces.create(exampleWorkspace("w", { routing: { optimize: "cost" } }));
    const change = { name: "new", routing: { deadline_ms: 5 }, routingUpdatedAtMs: NOON_MS };
    const changed = exampleWorkspace("w", change);
    expect(await workspaces.update("w", "w", change)).toEqual(changed);
    for (const handle of handles) {
      expect(await handle.workspaces.get("w", "w")).toEqual(changed);
    }
    expect((await workspaces.update("w", "w", { routing: null }))?.routing).toBe(null);
    expect((await workspaces.get("w", "w"))?.routing).toBe(null);
    expect(await workspaces.update("v", "w", change)).toBe(null);
    expect(await workspaces.update("w", "v", change)).toBe(null);
  });

  test("changes of different fields at once are both kept", async ({ byokKeys }, handles) => {
    await byokKeys.create(exampleByokKey("b"));
    const last = handles.at(-1)?.byokKeys ?? byokKeys;
    await Promise.all([
      byokKeys.update("w", "b", { name: "new" }),
      last.update("w", "b", { disabled: true }),
    ]);
    expect(await byokKeys.get("w", "b")).toEqual(
      exampleByokKey("b", { name: "new", disabled: true }),
    );
  });

  test("a deleted record is gone", async ({ byokKeys }, handles) => {
    await byokKeys.create(exampleByokKey("b"));
    expect(await byokKeys.delete("v", "b")).toBe(false);
    expect(await byokKeys.delete("w", "b")).toBe(true);
    expect(await byokKeys.delete("w", "b")).toBe(false);
    for (const handle of handles) expect(await handle.byokKeys.get("w", "b")).toBe(null);
  });

  test("records are listed by page, oldest first, of one workspace or all", async ({
    byokKeys,
  }) => {
    for (const [index, id] of ["b3", "b1", "b2"].entries()) {
      await byokKeys.create(exampleByokKey(id, { createdAtMs: NOON_MS + index }));
    }
    const other = { workspaceId: "v", createdAtMs: NOON_MS + 9 };
    await byokKeys.create(exampleByokKey("other", other));
    const pageAt = async (workspaceId: string | null, after: string | null, limit: number) => {
      const { items, hasMore } = await byokKeys.list(workspaceId, { after, limit });
      return [items.map(({ id }) => id), hasMore];
    };
    expect(await pageAt("w", null, 2)).toEqual([["b3", "b1"], true]);
    expect(await pageAt("w", "b1", 2)).toEqual([["b2"], false]);
    expect(await pageAt("w", "b2", 2)).toEqual([[], false]);
    expect(await pageAt(null, "b1", 2)).toEqual([["b2", "other"], false]);
    expect(await pageAt("w", "unknown", 2)).toEqual([[], false]);
  });
};
