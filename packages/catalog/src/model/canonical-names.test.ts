import { describe, expect, it } from "vitest";
import { providerTable } from "../provider/provider-table.ts";
import { bareIdOf, nameRows } from "./canonical-names.ts";
import { collectAliases } from "./collect-aliases.ts";
import type { SourceRow } from "./source-row.ts";

const row = (provider: string, id: string): SourceRow => {
  const entry = providerTable.find((candidate) => candidate.id === provider);
  if (entry === undefined) throw new Error(`no provider ${provider}`);
  return { provider: entry, id, modelsDev: null, genai: null };
};

const about = { family: "f", displayName: "F", author: "A" };
const map = {
  "glm-5": {
    ...about,
    aliases: ["glm-latest"],
    offerings: [
      { provider: "z_ai", id: "glm-5" },
      { provider: "deepinfra", id: "zai-org/GLM-5" },
    ] as [{ provider: string; id: string }, ...{ provider: string; id: string }[]],
  },
};

describe("nameRows", () => {
  it("strips vendor prefix and case", () => {
    expect(bareIdOf("accounts/fireworks/models/Kimi-K2")).toBe("kimi-k2");
    expect([...nameRows([row("siliconflow", "Qwen/Qwen3-14B")], {}).keys()]).toEqual(["qwen3-14b"]);
  });

  it("joins only what the map joins, in the map's order", () => {
    const named = nameRows(
      [row("deepinfra", "zai-org/GLM-5"), row("siliconflow", "other/glm-5"), row("z_ai", "glm-5")],
      map,
    );
    expect(named.get("glm-5")?.map(({ provider }) => provider.id)).toEqual(["z_ai", "deepinfra"]);
    expect(named.get("siliconflow/glm-5")).toHaveLength(1);
  });

  it("gives no two models one name, nor one another's alias", () => {
    const named = nameRows(
      [
        row("groq", "a/m"),
        row("groq", "b/m"),
        row("groq", "c/M"),
        row("mistral", "m"),
        row("groq", "glm-latest"),
      ],
      map,
    );
    expect([...named.keys()]).toEqual(["m", "groq/m", "groq/c/M", "mistral/m", "groq/glm-latest"]);
  });
});

describe("collectAliases", () => {
  it("leaves out what would name two models", () => {
    const named = nameRows(
      [row("groq", "org/x"), row("deepinfra", "org/x"), row("z_ai", "glm-5")],
      map,
    );
    const aliases = collectAliases(named, map);
    expect(aliases.get("org/x")).toBeUndefined();
    expect(aliases.get("glm-latest")).toBe("glm-5");
    expect(aliases.has("glm-5")).toBe(false);
  });
});
