import { createMemoryStores } from "@pointsman/store";
import {
  APIStatusError,
  AuthenticationError,
  Client,
  NotFoundError,
  Optimize,
  parseRoutingMetadata,
} from "@pointsman/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import {
  afterWords,
  calls,
  answers,
  cuts,
  drips,
  fails,
  hangs,
  story,
} from "../failover/upstream.ts";
import { until } from "../failover/until.ts";
import { failureOf } from "./expected-class.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
let client: Client;
let admin: Client;
beforeEach(async () => {
  lab = await startLab(["chat", "messages"], {
    stores: createMemoryStores(),
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, scopes: ["admin"] }],
    key: { rateLimitRpm: 1000 },
  });
  client = new Client({ apiKey: "pk-lab", baseUrl: lab.url });
  admin = new Client({ apiKey: adminKey, baseUrl: lab.url });
});
afterEach(() => lab.close());

const messages = [{ role: "user" as const, content: "Which track is the express on today?" }];
const chat = { model: "lab", messages };
const said = story.join("");

describe("chat", () => {
  test("a whole answer, with its metadata and headers", async () => {
    const answer = await client.chat.completions.create({
      ...chat,
      gateway: { routing: { optimize: Optimize.COST } },
    });
    expect(answer.choices[0]?.message.content).toBe(said);
    expect(answer.routing_metadata).toMatchObject({ provider: "p0", routing_strategy: "cost" });
    expect(parseRoutingMetadata(answer)).toEqual(answer.routing_metadata);
    expect(answer.responseHeaders.requestId).toMatch(/^req_/u);
    expect(answer.responseHeaders.rateLimitLimit).toBe(1000);
  });

  test("a stream chunk by chunk, and folded into the same answer", async () => {
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    expect(stream.responseHeaders.get("x-pointsman-provider")).toBe("p0");
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    expect(text).toBe(said);
    expect(stream.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 8 });
    expect(stream.routing_metadata).toMatchObject({ provider: "p0" });
    const whole = await client.chat.completions.create(chat);
    const folded = await (await client.chat.completions.create({ ...chat, stream: true })).final();
    expect(folded.choices).toMatchObject([
      { index: 0, message: { role: "assistant", content: said }, finish_reason: "stop" },
    ]);
    expect(folded.usage).toEqual(whole.usage);
    expect(Object.keys(folded).sort()).toEqual(Object.keys(whole).sort());
  });

  test("calls of tools are folded", async () => {
    lab.upstreams[0]?.play(calls(answers));
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    const { choices } = await stream.final();
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { type: "function", function: { name: "get_weather", arguments: '{"city": "Olten"}' } },
    ]);
    expect(choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("an error within a stream is one with status 200", async () => {
    for (const upstream of lab.upstreams) upstream.play(afterWords(3, cuts));
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    const error = await failureOf(stream.final());
    expect(error).toBeInstanceOf(APIStatusError);
    expect(error).toMatchObject({ statusCode: 200, code: "upstream_error" });
  });

  test.each(["loop", "abort", "signal"] as const)(
    "left by %s, the call at the provider ends within a second",
    async (leave) => {
      lab.upstreams[0]?.play(drips(50));
      const controller = new AbortController();
      const stream = await client.chat.completions.create(
        { ...chat, stream: true },
        { signal: controller.signal },
      );
      const reason = new Error("the train has left");
      const reading = (async () => {
        for await (const chunk of stream) {
          if (chunk.choices.length === 0) continue;
          if (leave === "loop") return "left";
          if (leave === "abort") stream.abort();
          else controller.abort(reason);
        }
        return "read";
      })();
      const leftMs = performance.now();
      const ended: unknown = await reading.catch((error: unknown) => error);
      if (leave === "loop") expect(ended).toBe("left");
      else if (leave === "signal") expect(ended).toBe(reason);
      else expect(ended).toMatchObject({ name: "AbortError" });
      await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
      expect(performance.now() - leftMs).toBeLessThan(1000);
    },
  );
});

test.each(["Responses", "Messages", "a whole answer"] as const)(
  "%s: what is aborted ends at the provider within a second",
  async (kind) => {
    lab.upstreams[0]?.play(kind === "a whole answer" ? hangs : drips(50));
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const input = { model: "lab", input: "Which track?", stream: true } as const;
    const open = {
      Responses: () => client.responses.create(input, options),
      Messages: () =>
        client.messages.create({ model: "lab", max_tokens: 99, messages, stream: true }, options),
      "a whole answer": () => client.chat.completions.create(chat, options),
    };
    const reading = (async () => {
      const answer = await open[kind]();
      if ("final" in answer) await answer.final();
    })();
    await until(() => lab.upstreams[0]?.attempts.length === 1);
    const leftMs = performance.now();
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
    expect(performance.now() - leftMs).toBeLessThan(1000);
  },
);

test("Responses, whole and streamed", async () => {
  const params = { model: "lab", input: "Which track is the express on today?" };
  const whole = await client.responses.create(params);
  expect(whole.output_text).toBe(said);
  const stream = await client.responses.create({ ...params, stream: true });
  let text = "";
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") text += event.delta;
  }
  expect(text).toBe(said);
  expect(stream.completed_response?.output_text).toBe(said);
  expect(stream.usage).toEqual(whole.usage);
  expect(stream.routing_metadata).toMatchObject({ provider: "p0" });
  const folded = await (await client.responses.create({ ...params, stream: true })).final();
  expect(folded.output_text).toBe(said);
});

test("Messages, whole and streamed, and their tokens counted", async () => {
  const params = { model: "lab", max_tokens: 100, messages };
  const whole = await client.messages.create(params);
  expect(whole.content).toMatchObject([{ type: "text", text: said }]);
  const stream = await client.messages.create({ ...params, stream: true });
  const folded = await stream.final();
  expect(folded.content).toMatchObject([{ type: "text", text: said }]);
  expect(folded.stop_reason).toBe("end_turn");
  expect(folded.usage.output_tokens).toBe(8);
  expect(folded.routing_metadata.provider).toBe(whole.routing_metadata.provider);
  const { input_tokens, responseHeaders } = await client.messages.countTokens({
    model: "lab",
    messages,
  });
  expect(input_tokens).toBeGreaterThan(0);
  expect(responseHeaders.tokenCountModel).toBeDefined();
});

test("models, registry, directory, me", async () => {
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["lab"]);
  expect((await client.models.list({ endpoint: "responses" })).object).toBe("list");
  expect((await client.models.retrieve("lab")).providers.map(({ name }) => name)).toEqual([
    "p0",
    "p1",
  ]);
  expect((await client.models.listDirectory()).models["lab"]?.providers).toHaveLength(2);
  expect((await client.models.listRegistry()).models.map(({ id }) => id)).toEqual(["lab"]);
  expect((await client.models.listProviders()).count).toBe(2);
  expect((await client.me.get()).rate_limits.inference_rpm).toBe(1000);
});

test("route", async () => {
  const decision = await client.route.decide(chat, { seed: 5 });
  expect(decision).toMatchObject({ object: "route.decision", seed: 5 });
  expect(decision.candidates.map(({ provider }) => provider)).toEqual(["p0", "p1"]);
  const input = { model: "lab", input: "Which track?" };
  const explained = await client.route.explain(input, { endpoint: "responses", seed: 5 });
  expect(explained).toMatchObject({ endpoint: "responses", error: null });
});

test("workspaces and all that is theirs", async () => {
  const { workspaces } = admin;
  const made = await workspaces.create(
    { name: "Signal box", slug: "signals" },
    { idempotencyKey: "once" },
  );
  const again = await workspaces.create(
    { name: "Signal box", slug: "signals" },
    { idempotencyKey: "once" },
  );
  expect(again.id).toBe(made.id);
  expect((await workspaces.list({ limit: 1 })).has_more).toBe(true);
  expect((await workspaces.retrieve(made.id)).slug).toBe("signals");
  expect((await workspaces.update(made.id, { name: "Box" })).name).toBe("Box");
  const w = made.id;

  const key = await workspaces.apiKeys.create(w, { name: "app", rate_limit_rpm: 60 });
  const own = new Client({ apiKey: key.api_key, baseUrl: lab.url });
  await own.chat.completions.create({ ...chat, gateway: { metadata: { tags: ["north"] } } });
  expect((await workspaces.apiKeys.list(w)).data.map(({ id }) => id)).toEqual([key.id]);
  expect((await workspaces.apiKeys.update(w, key.id, { name: "b" })).name).toBe("b");
  expect((await workspaces.apiKeys.retrieve(w, key.id)).name).toBe("b");
  expect((await workspaces.apiKeys.usage(w, key.id, { period: "day" })).request_count).toBe(1);
  const usage = await workspaces.usage.list(w, { by: "tag" });
  expect(usage.data).toMatchObject([{ tag: "north", request_count: 1, cost_usd: 0.000_027 }]);

  const budget = await workspaces.budgets.create(w, {
    scope_type: "workspace",
    period: "daily",
    limit_usd: 1,
  });
  expect((await workspaces.budgets.list(w)).count).toBe(1);
  expect((await workspaces.budgets.update(w, budget.id, { limit_usd: 2 })).limit_usd).toBe(2);
  expect((await workspaces.budgets.retrieve(w, budget.id)).period).toBe("daily");
  expect((await workspaces.budgets.delete(w, budget.id)).deleted).toBe(true);

  const byok = await workspaces.byokKeys.create(w, {
    provider: "p0",
    api_key: "sk-own-0123456789abcdef",
  });
  expect((await workspaces.byokKeys.validate(w, byok.id)).validation_status).toBe("valid");
  expect((await workspaces.byokKeys.update(w, byok.id, { name: "Ours" })).name).toBe("Ours");
  expect((await workspaces.byokKeys.list(w)).count).toBe(1);
  expect((await workspaces.byokKeys.retrieve(w, byok.id)).key_prefix).toBe("sk-own-");
  expect((await workspaces.byokKeys.delete(w, byok.id)).id).toBe(byok.id);

  await workspaces.routing.replace(w, { prefer: "p1", optimize: "balanced" });
  await workspaces.routing.update(w, { optimize: null });
  expect((await workspaces.routing.get(w)).routing).toEqual({ prefer: "p1" });

  expect((await workspaces.billing.balance(w)).balance_microdollars).toBe(null);
  const credited = await workspaces.billing.credit(w, { amount_microdollars: 500 });
  expect(credited.balance_microdollars).toBe(500);
  const answer = await own.chat.completions.create({ ...chat, max_tokens: 8 });
  expect(answer.routing_metadata.provider).toBe("p1");
  expect(answer.responseHeaders.creditsBalanceMicrodollars).toBe(500);

  await workspaces.apiKeys.delete(w, key.id);
  expect(await failureOf(own.me.get())).toBeInstanceOf(AuthenticationError);
});

test("a provider that failed is named", async () => {
  for (const upstream of lab.upstreams) upstream.play(fails(400));
  const error = await failureOf(client.chat.completions.create(chat));
  expect(error).toMatchObject({ code: "invalid_request", provider: "p0", statusCode: 400 });
});

test("errors of the Messages surface are the same", async () => {
  const params = { model: "nobody", max_tokens: 5, messages };
  const error = await failureOf(client.messages.create(params));
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error).toMatchObject({ code: "model_not_found", param: "model", statusCode: 404 });
});
