import { expect, test } from "vitest";
import { notInForce } from "./not-in-force.ts";

test("what a file does not ask for is not listed", () => {
  expect(notInForce({})).toEqual([]);
  expect(notInForce(null)).toEqual([]);
  const workspace = { rescue: "off", buffer: 0, hedge: "off", budgets: [] };
  const key = { scopes: ["inference"], rateLimitRpm: null, budgets: [] };
  const openai = { kind: "openai", limits: { rpm: null } };
  expect(
    notInForce({ workspaces: [workspace], keys: [key], providers: { openai, groq: null } }),
  ).toEqual([]);
});

test("everything that comes later is listed by its path", () => {
  const budgets = [{ period: "daily", limitUsd: 1 }];
  const workspace = { rescue: "auto", buffer: "whole", hedge: { budgetShare: 0.1 }, budgets };
  const key = { scopes: ["inference", "admin"], rateLimitRpm: 60, budgets };
  const limits = { rpm: 1, tpm: 2, concurrency: 3 };
  expect(
    notInForce({
      workspaces: [{}, workspace],
      keys: [key],
      providers: { "my.openai": { kind: "openai", limits } },
    }),
  ).toEqual(["keys[0].scopes[1]"]);
});
