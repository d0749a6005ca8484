import { createRawBody, readChatRequest } from "@pointsman/translate";
import { describe, expect, it } from "vitest";
import type { ModelDirectory } from "./model-directory.ts";
import { planRequest } from "./plan-request.ts";
import type { PlanOptions } from "./plan-request.ts";

const ids = ["gpt-4o", "gpt-4o-mini", "meta/llama"];
const aliases = new Map([["latest", "gpt-4o"]]);

const directory: ModelDirectory = {
  resolve: (name) => (ids.includes(name) ? name : (aliases.get(name) ?? null)),
  suggest: (name) => ids.filter((id) => id.startsWith(name.slice(0, 4))),
  isProvider: (id) => ["openai", "azure"].includes(id),
};

const plan = (
  body: Readonly<Record<string, unknown>>,
  options: Partial<PlanOptions> & { routing?: PlanOptions["workspace"]["routing"] } = {},
) => {
  const full = { messages: [{ role: "user", content: "Hi" }], ...body };
  const read = readChatRequest(createRawBody(Buffer.from(JSON.stringify(full))));
  if (!read.ok) throw new Error(read.error.message);
  return planRequest({
    caller: read.caller,
    workspace: {
      id: "w",
      routing: options.routing ?? {},
      slo: { ttftMs: 2500, ttftMsPer1kIn: 120 },
      valueOfTimeUsdPerSecond: null,
    },
    directory,
    credentials: [],
    ...options,
  });
};

const routingOf = (...args: Parameters<typeof plan>) => {
  const planned = plan(...args);
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.plan.routing;
};

describe("names of models", () => {
  it.each([
    ["gpt-4o", "gpt-4o", "cost-focus"],
    ["latest", "gpt-4o", "cost-focus"],
    ["gpt-4o:ttft", "gpt-4o", "ttft"],
    ["gpt-4o:nitro", "gpt-4o", "tps-focus"],
    ["meta/llama", "meta/llama", "cost-focus"],
  ])("%s", (model, id, strategy) => {
    expect(routingOf({ model })).toMatchObject({ models: [id], strategy });
  });

  it("provider/model is an allow-list of one, unless the id itself has the slash", () => {
    expect(routingOf({ model: "azure/gpt-4o" }).constraints.providers).toEqual(["azure"]);
    expect(routingOf({ model: "meta/llama" }).constraints).not.toHaveProperty("providers");
  });

  it("an unknown one is 404 with the nearest ids", () => {
    expect(plan({ model: "gpt-5o" })).toMatchObject({
      ok: false,
      error: {
        code: "model_not_found",
        param: "model",
        suggestion: expect.stringContaining("gpt-4o") as string,
      },
    });
  });

  it("of several, unknown ones are skipped with a warning; none known is 404", () => {
    const planned = plan({ gateway: { models: ["nope", "gpt-4o-mini", "gpt-4o"] } });
    if (!planned.ok) throw new Error(planned.error.message);
    expect(planned.plan.routing.models).toEqual(["gpt-4o-mini", "gpt-4o"]);
    expect(planned.plan.losses).toMatchObject([{ code: "model_skipped" }]);
    expect(plan({ gateway: { models: ["nope"] } })).toMatchObject({
      ok: false,
      error: { code: "model_not_found", param: "gateway.models" },
    });
  });
});

describe("strategies", () => {
  it("a suffix beats the workspace, and agrees or clashes with the request", () => {
    const routing = { optimize: "tps" } as const;
    expect(routingOf({ model: "gpt-4o" }, { routing }).strategy).toBe("tps");
    expect(routingOf({ model: "gpt-4o:cost" }, { routing }).strategy).toBe("cost");
    const asks = (optimize: string) => ({
      model: "gpt-4o:cost",
      gateway: { routing: { optimize } },
    });
    expect(routingOf(asks("cost")).strategy).toBe("cost");
    const clash = { ok: false, error: { param: "gateway.routing.optimize" } };
    expect(plan(asks("ttft"))).toMatchObject(clash);
    expect(
      plan({ model: "gpt-4o:cost", gateway: { routing: { weights: { cost: 1 } } } }),
    ).toMatchObject(clash);
    expect(plan({ gateway: { models: ["gpt-4o:cost", "gpt-4o-mini:tps"] } })).toMatchObject(clash);
  });

  it("weights beat optimize, the request's optimize beats the workspace's weights", () => {
    const weights = { cost: 1, ttft: 2 };
    const both = { model: "gpt-4o", gateway: { routing: { optimize: "tps", weights } } };
    expect(routingOf(both).strategy).toEqual(weights);
    const asked = { model: "gpt-4o", gateway: { routing: { optimize: "tps" } } };
    expect(routingOf(asked, { routing: { weights } }).strategy).toBe("tps");
  });
});

describe("workspace defaults", () => {
  it("fill what is absent; the stricter data policy wins and deny-lists unite", () => {
    const routing = { data_policy: "zdr", exclude_providers: ["a"], max_ttft_ms: 10 } as const;
    const own = { data_policy: "no_training", exclude_providers: ["b"], max_ttft_ms: 20 };
    const { constraints } = routingOf({ model: "gpt-4o", gateway: { routing: own } }, { routing });
    expect(constraints.dataPolicy).toBe("zdr");
    expect(new Set(constraints.excludeProviders)).toEqual(new Set(["a", "b"]));
    expect(constraints.maxTtftMs).toBe(20);
  });
});

describe("a key's own lists", () => {
  const allowed = { models: ["gpt-4o"], providers: ["openai"] };

  it("hide other models altogether, from suggestions too", () => {
    expect(routingOf({ model: "latest" }, { allowed }).models).toEqual(["gpt-4o"]);
    const refused = plan({ model: "gpt-4o-mini" }, { allowed });
    expect(refused).toMatchObject({ ok: false, error: { code: "model_not_found" } });
    if (refused.ok) throw new Error("expected a refusal");
    expect(refused.error.suggestion).not.toContain("mini");
  });

  it("are intersected with the request's; nothing in common admits nobody", () => {
    const providersFor = (routing: object) =>
      routingOf({ model: "gpt-4o", gateway: { routing } }, { allowed }).constraints.providers;
    expect(providersFor({})).toEqual(["openai"]);
    expect(providersFor({ providers: [] })).toEqual(["openai"]);
    expect(providersFor({ providers: ["azure", "openai"] })).toEqual(["openai"]);
    expect(providersFor({ providers: ["azure"] })).toEqual([]);
    expect(routingOf({ model: "azure/gpt-4o" }, { allowed }).constraints.providers).toEqual([]);
  });
});

it("unknown provider names are told, once each", () => {
  const routing = { providers: ["openai", "nope"], exclude_providers: ["nope"], prefer: "azure" };
  const planned = plan({ model: "gpt-4o", gateway: { routing } });
  if (!planned.ok) throw new Error(planned.error.message);
  expect(planned.plan.losses).toMatchObject([{ type: "unknown_provider" }]);
});

it("both caps on output: the smaller counts", () => {
  const body = { model: "gpt-4o", max_tokens: 50, max_completion_tokens: 20 };
  expect(routingOf(body).maxOutputTokens).toBe(20);
});

describe("kind of answer", () => {
  const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

  it.each([
    [{}, "chat"],
    [{ tools: [tool] }, "tools"],
    [{ response_format: { type: "json_object" } }, "json"],
    [{ response_format: { type: "json_object" }, tools: [tool] }, "json"],
  ])("%j is %s", (body, outputHint) => {
    expect(routingOf({ model: "gpt-4o", ...body })).toMatchObject({ outputHint });
  });
});
