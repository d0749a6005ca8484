import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "@pointsman/catalog";
import { flatSchedule } from "@pointsman/core";
import type { Offering } from "@pointsman/core";
import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld } from "@pointsman/simulator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointsman, serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";

/** Two places for one model: `tiered` is cheaper for short prompts, dearer above 2,000 tokens. */
const flat = { input: 2, output: 8 };
const tiered = { input: 1, output: 8 };
const above = { input: 4, output: 8 };

const schedules = {
  flat: flatSchedule(flat),
  tiered: flatSchedule({ ...tiered, tiers: [{ abovePromptTokens: 2000, ...above }] }),
} as const;

/** The same as the configuration writes it. */
const configured: Readonly<Record<string, unknown>> = {
  flat,
  tiered: { ...tiered, tiers: [{ above: 2000, ...above }] },
};

type Answer = {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly routing_metadata: {
    readonly provider: string;
    readonly cost: { readonly usd: number };
    readonly attempts?: readonly { readonly provider: string; readonly outcome: string }[];
  };
};

const offering = (provider: keyof typeof schedules): Offering => {
  const [known] = loadCatalog().models.get("gpt-4o")?.offerings ?? [];
  if (known === undefined) throw new Error("the catalogue has gpt-4o");
  return {
    ...known.offering,
    id: `${provider}/gpt-4o`,
    provider,
    providerModelId: "gpt-4o",
    price: schedules[provider],
    cache: { mode: "none", minimumTokens: 0, blockTokens: 1, ttlSeconds: null, oneHour: false },
  };
};

const configOf = (world: SimulatedWorld): string =>
  JSON.stringify({
    keys: [{ key: "test-key" }],
    exploration: 0,
    providers: Object.fromEntries(
      world.providers.map(({ id, baseUrl, apiKey }) => [
        id,
        {
          kind: "openai-compatible",
          preset: "openai",
          baseUrl,
          apiKey,
          models: {
            "gpt-4o": { id: "gpt-4o", price: configured[id], contextWindow: 128_000 },
          },
        },
      ]),
    ),
  });

const longPrompt = "The signal box keeps a record of every train. ".repeat(600);

describe("routing by the expected cost of this request", () => {
  let world: SimulatedWorld;
  let served: Served;

  beforeAll(async () => {
    world = await startSimulatedWorld({
      pace: 0,
      providers: [
        { id: "flat", offerings: [offering("flat")] },
        { id: "tiered", offerings: [offering("tiered")] },
      ],
    });
    served = await serve({ config: configOf(world) });
  });

  afterAll(async () => {
    await served.stop();
    await world.close();
  });

  const ask = async (content: string): Promise<Answer> => {
    const response = await fetch(`${served.ready.url}/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer test-key", "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content }] }),
    });
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };

  it("reports no made key where keys are configured", () => {
    expect(served.ready).toMatchObject({ key: null, simulated: false, models: ["gpt-4o"] });
  });

  it("takes the cheaper place for a short prompt, at its exact price", async () => {
    const { routing_metadata: metadata, usage } = await ask("Hello.");
    expect(metadata.provider).toBe("tiered");
    const picoUsd = usage.prompt_tokens * 1_000_000 + usage.completion_tokens * 8_000_000;
    expect(metadata.cost.usd).toBe(picoUsd / 1e12);
  });

  it("takes the other one where a price tier makes it cheaper for a long prompt", async () => {
    const { routing_metadata: metadata, usage } = await ask(longPrompt);
    expect(usage.prompt_tokens).toBeGreaterThan(2000);
    expect(metadata.provider).toBe("flat");
    const picoUsd = usage.prompt_tokens * 2_000_000 + usage.completion_tokens * 8_000_000;
    expect(metadata.cost.usd).toBe(picoUsd / 1e12);
  });

  it("explains both choices on the command line", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "pointsman-explain-")), "pointsman.yaml");
    writeFileSync(file, configOf(world));
    const explain = async (prompt: string) => {
      const args = ["explain", "gpt-4o", "-", "--config", file, "--json"];
      const { stdout, code } = await pointsman(args, { input: prompt });
      expect(code).toBe(0);
      return JSON.parse(stdout) as {
        candidates: readonly { provider: string; terms: { cost: { now: number } } }[];
      };
    };
    const short = await explain("Hello.");
    const long = await explain(longPrompt);
    expect(short.candidates.map(({ provider }) => provider)).toEqual(["tiered", "flat"]);
    expect(long.candidates.map(({ provider }) => provider)).toEqual(["flat", "tiered"]);
    for (const { candidates } of [short, long]) {
      const costs = candidates.map(({ terms }) => terms.cost.now);
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
    }
    const table = await pointsman(["explain", "gpt-4o", "Hello.", "--config", file]);
    expect(table.stdout).toMatch(/1 +tiered.*\n *2 +flat/);
  });

  it("goes on at the other place when the chosen one is gone, and says so", async () => {
    await world.stop("tiered");
    const { routing_metadata: metadata, choices, usage } = await ask("Repeat exactly: still here");
    expect(choices[0]?.message.content).toBe("still here");
    expect(metadata.provider).toBe("flat");
    const outcomes = metadata.attempts?.map(({ provider, outcome }) => [provider, outcome]) ?? [];
    expect(outcomes[0]).toEqual(["tiered", "network_error"]);
    expect(outcomes.at(-1)).toEqual(["flat", "success"]);
    const picoUsd = usage.prompt_tokens * 2_000_000 + usage.completion_tokens * 8_000_000;
    expect(metadata.cost.usd).toBe(picoUsd / 1e12);
    await world.restart("tiered");
  });

  it.each([429, 500, 503])("goes on at the other place after status %i", async (status) => {
    world.setFault("tiered", { kind: "status", status });
    const answer = await ask("Repeat exactly: rescued");
    world.setFault("tiered", null);
    expect(answer.choices[0]?.message.content).toBe("rescued");
    expect(answer.routing_metadata.provider).toBe("flat");
  });
});
