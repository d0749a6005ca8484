import { expect, test } from "vitest";
import { banner } from "./banner.ts";

const facts = {
  url: "http://127.0.0.1:8787/v1",
  key: "pm_live_abc",
  adminKey: null,
  providers: ["openai"],
  models: ["gpt-4o", "other"],
  state: "memory:",
};

test("the banner tells where things are, and an example that works", () => {
  const setup = { source: "simulated", file: null, keysNotYetUsed: [] } as const;
  const lines = banner(setup, facts).split("\n");
  expect(lines).toContain("  url        http://127.0.0.1:8787/v1");
  expect(lines).toContain("  dashboard  http://127.0.0.1:8787/dashboard");
  expect(lines.join("\n")).toContain("SIMULATED WORLD");
  expect(lines.join("\n")).toContain('-H "Authorization: Bearer pm_live_abc"');
  expect(lines.join("\n")).toContain('"model":"gpt-4o"');
});
