import { describe, expect, it } from "vitest";
import { findMatch, matches, namedIds } from "./matches.ts";
import type { GenaiModel } from "./genai-prices.ts";

const entry = (id: string, match: GenaiModel["match"]): GenaiModel => ({ id, match, prices: {} });

describe("matches", () => {
  it("knows every clause", () => {
    expect(matches({ equals: "a" }, "a")).toBe(true);
    expect(matches({ equals: "a" }, "A")).toBe(false);
    expect(matches({ starts_with: "gpt-" }, "gpt-4")).toBe(true);
    expect(matches({ ends_with: "-lite" }, "x-lite")).toBe(true);
    expect(matches({ contains: "mini" }, "o4-mini-high")).toBe(true);
    expect(matches({ regex: "^a\\d$" }, "a1")).toBe(true);
    expect(matches({ regex: "^a\\d$" }, "ab")).toBe(false);
    expect(matches({ or: [{ equals: "a" }, { equals: "b" }] }, "b")).toBe(true);
    expect(matches({ or: [] }, "b")).toBe(false);
    const both = { and: [{ starts_with: "a" }, { regex: "^(?!.*-tts$)" }] } as const;
    expect(matches(both, "a-pro")).toBe(true);
    expect(matches(both, "a-tts")).toBe(false);
  });
});

describe("findMatch", () => {
  it("takes the first that matches, the exact spelling before the lower-case one", () => {
    const models = [
      entry("lower", { equals: "m-1" }),
      entry("exact", { equals: "M-1" }),
      entry("late", { starts_with: "M" }),
    ];
    expect(findMatch(models, "M-1")?.id).toBe("exact");
    expect(findMatch(models, "m-1")?.id).toBe("lower");
    expect(findMatch([entry("lower", { equals: "m-1" })], "M-1")?.id).toBe("lower");
    expect(findMatch(models, "x")).toBeNull();
  });
});

describe("namedIds", () => {
  it("lists what a clause names in full", () => {
    expect(namedIds({ or: [{ equals: "a" }, { starts_with: "b" }, { equals: "c" }] })).toEqual([
      "a",
      "c",
    ]);
  });
});
