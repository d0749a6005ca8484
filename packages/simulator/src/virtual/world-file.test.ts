import { describe, expect, it } from "vitest";
import { worldOf } from "./world.fixture.ts";
import { listedProvider, parseWorld } from "./world-file.ts";

describe("world files", () => {
  it("names every field at fault", () => {
    const [provider] = worldOf().providers;
    const broken = {
      ...worldOf(),
      usd_per_s: -1,
      providers: [provider, { ...provider, context: "large" }],
    };
    expect(() => parseWorld(broken)).toThrow(/usd_per_s[^]*providers\[1\].context/);
  });

  it("refuses two providers of one id", () => {
    const world = worldOf();
    expect(() =>
      parseWorld({ ...world, providers: [...world.providers, ...world.providers] }),
    ).toThrow("two providers have the same id");
  });

  it("lists a provider without what is hidden", () => {
    const listed = worldOf().providers.map(listedProvider);
    expect(JSON.stringify(listed)).not.toMatch(/true|hit_prob|net_ms/);
    expect(listed).toMatchObject([{ id: "p", price: { in: 1 } }]);
  });
});
