import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  childPolicy,
  namedPolicy,
  openTrace,
  openWorld,
  recording,
  replay,
} from "@pointsman/replay";
import type { Goal, Policy, Tally } from "@pointsman/replay";
import { afterAll, describe, expect, it } from "vitest";
import { launcher, pointsman } from "../support/pointsman.ts";

const folder = mkdtempSync(join(tmpdir(), "pointsman-replay-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const online = (...args: readonly string[]): Policy =>
  childPolicy({ command: process.execPath, args: [launcher, "replay", "--online", ...args] });

/** Decisions of a policy over the first 200 requests of a trace, and what came of them. */
const decisionsOf = async (
  policy: Policy,
  options: { readonly world: string; readonly trace: string; readonly goal: Goal },
): Promise<{ readonly lines: readonly string[]; readonly tally: Tally }> => {
  const recorded = recording(policy);
  const tally = await replay({
    world: openWorld(options.world),
    trace: await openTrace(options.trace, { limit: 200 }),
    goal: options.goal,
    policy: recorded.policy,
  });
  return { lines: recorded.logLines(), tally };
};

describe("pointsman replay --online", () => {
  it.each([
    { world: "C", trace: "mooncake-conversation", goal: "cost-focus" },
    { world: "B", trace: "made-sessions", goal: "balanced" },
  ] as const)("decides over pipes as it does in process: $world, $trace", async (options) => {
    const inProcess = await decisionsOf(namedPolicy("pointsman"), options);
    const overPipes = await decisionsOf(online(), options);
    expect(inProcess.tally.records).toHaveLength(200);
    expect(overPipes.lines).toEqual(inProcess.lines);
    expect(overPipes.tally).toEqual(inProcess.tally);
  });

  it("writes answers alone, passes over what it does not know, and ends by itself", async () => {
    const world = {
      name: "w",
      model: "x",
      block_tokens: 512,
      usd_per_s: 0.001,
      slo: { ttft_ms: 1000, ttft_ms_per_1k_in: 100 },
      colour: "green",
      providers: [
        {
          id: "p",
          context: 1000,
          price: { in: 1, out: 2, cache_read: null, tip: 3 },
          cache: { mode: "none" },
          limits: { rpm: null, tpm: null },
        },
      ],
    };
    const lines = [
      "a line that is no message",
      JSON.stringify({ type: "weather", sky: "blue" }),
      JSON.stringify({ type: "hello", version: 1, goal: "cost", world, extra: 1 }),
      JSON.stringify({ type: "request", id: "a", t_ms: 0, model: "m", in_tokens: 9, blocks: [] }),
      JSON.stringify({
        type: "request",
        id: "b",
        t_ms: 1,
        model: "m",
        in_tokens: 5000,
        blocks: [],
      }),
      JSON.stringify({ type: "end" }),
      "",
    ];
    const { code, stdout, stderr } = await pointsman(["replay", "--online"], {
      input: lines.join("\n"),
    });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const answers = stdout.split("\n").filter((line) => line !== "");
    expect(answers.map((line) => JSON.parse(line) as unknown)).toEqual([
      { type: "ready", name: "pointsman" },
      expect.objectContaining({ type: "decision", id: "a", provider: "p" }),
      { type: "give_up", id: "b" },
    ]);
  });
});

describe("pointsman replay", () => {
  it("compares policies, plots them, and repeats a recorded log to the same figures", async () => {
    const common = [
      "replay",
      "--trace",
      "made-sessions",
      "--world",
      "C",
      "--limit",
      "300",
      "--json",
    ];
    const log = join(folder, "decisions.jsonl");
    const svg = join(folder, "plot.svg");
    const first = await pointsman([...common, "--record", log]);
    const again = await pointsman([...common, "--log", log, "--compare", "cheapest", "--svg", svg]);
    expect([first.code, again.code]).toEqual([0, 0]);
    const figuresIn = (stdout: string): readonly { policy: string; figures: unknown }[] =>
      (JSON.parse(stdout) as { results: readonly { policy: string; figures: unknown }[] }).results;
    const [recorded] = figuresIn(first.stdout);
    const [cheapest, repeated] = figuresIn(again.stdout);
    expect(cheapest?.policy).toBe("cheapest");
    expect(repeated).toEqual({ ...recorded, policy: "log" });
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg .*cheapest.*<\/svg>\n$/s);
  });

  it("says what is wrong", async () => {
    const { code, stderr } = await pointsman(["replay", "--trace", "nowhere", "--world", "A"]);
    expect(code).toBe(1);
    expect(stderr).toContain('no trace "nowhere"; give a file or one of mooncake-conversation');
  });
});
