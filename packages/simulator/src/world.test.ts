import { costOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import { APIConnectionError, APIConnectionTimeoutError, APIError, RateLimitError } from "openai";
import type OpenAI from "openai";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SimulatedFault } from "./fault.ts";
import { clientOf, offering, rates } from "./world.fixture.ts";
import { startSimulatedWorld } from "./world.ts";
import type { SimulatedProviderSpec, SimulatedWorldOptions } from "./world.ts";

const model = "train-1";
const messages = [{ role: "user" as const, content: "Write 200 tokens about level crossings." }];
const longPrompt = `You look after the points. ${"Keep the line clear at all times. ".repeat(40)}`;

const start = async (
  spec: Partial<SimulatedProviderSpec> = {},
  options: Partial<SimulatedWorldOptions> = {},
) => {
  const world = await startSimulatedWorld({
    providers: [{ id: "openai", offerings: [offering()], ...spec }],
    pace: 0,
    ...options,
  });
  onTestFinished(() => world.close());
  const [provider] = world.providers;
  if (provider === undefined) throw new Error("the world has no provider");
  return { world, provider, client: clientOf(provider) };
};

/** Reads a stream to its end: what arrived, and what ended it early. */
const readAll = async (client: OpenAI) => {
  let text = "";
  let finish: string | null = null;
  try {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    return { text, finish, error: null };
  } catch (error) {
    return { text, finish, error };
  }
};

describe("the invoice", () => {
  test("is the list price of the usage that was reported, to the pico-dollar", async () => {
    const { world, client } = await start();
    let expected = 0n;
    for (const effort of ["low", "none"] as const) {
      const { usage } = await client.chat.completions.create({
        model,
        messages: [{ role: "system", content: longPrompt }, ...messages],
        reasoning_effort: effort,
      });
      const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0;
      const uncached = (usage?.prompt_tokens ?? 0) - cached;
      expected += BigInt(
        uncached * 2_500_000 + cached * 1_250_000 + (usage?.completion_tokens ?? 0) * 10_000_000,
      );
    }
    const invoice = world.invoice("openai");
    expect(invoice.calls).toBe(2);
    expect(invoice.picoUsd).toBe(expected);
    expect(invoice.usage.reasoningTokens).toBeGreaterThan(0);
  });

  test("counts cached prefixes at their price, per key", async () => {
    const { world, provider, client } = await start({ apiKeys: ["sk-one", "sk-two"] });
    const ask = async (asking: OpenAI, content: string) => {
      const { usage } = await asking.chat.completions.create({
        model,
        messages: [
          { role: "system", content: longPrompt },
          { role: "user", content },
        ],
      });
      return usage?.prompt_tokens_details?.cached_tokens ?? 0;
    };
    expect(await ask(client, "Who goes first?")).toBe(0);
    const cached = await ask(client, "And who goes last?");
    expect(cached).toBeGreaterThan(200);
    expect(cached % 16).toBe(0);
    expect(await ask(clientOf({ ...provider, apiKey: "sk-two" }), "Who goes first?")).toBe(0);
    expect(world.invoice("openai", "sk-one").usage.cacheReadTokens).toBe(cached);
    expect(world.invoice("openai", "sk-two")).toMatchObject({ calls: 1 });
    expect(world.invoice("openai").calls).toBe(3);
  });

  test("forgets prefixes after five minutes", async () => {
    let nowMs = 1_700_000_000_000;
    const { client } = await start({}, { now: () => nowMs });
    const ask = async () => {
      const { usage } = await client.chat.completions.create({
        model,
        messages: [{ role: "user", content: longPrompt }],
      });
      return usage?.prompt_tokens_details?.cached_tokens ?? 0;
    };
    await ask();
    nowMs += 299_000;
    expect(await ask()).toBeGreaterThan(0);
    nowMs += 301_000;
    expect(await ask()).toBe(0);
  });

  test("bills writes to the cache where they have a price", async () => {
    const dear = offering();
    const [period] = dear.price?.periods ?? [];
    if (period === undefined) throw new Error("the offering has no price");
    const price = {
      periods: [{ ...period, rates: { ...rates, cacheWrite5mPicoUsd: 3_125_000 } }] as const,
    };
    const { world, client } = await start({ offerings: [{ ...dear, price }] });
    const { usage } = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: longPrompt }],
    });
    const invoice = world.invoice("openai");
    const expected: Usage = {
      inputTokens: (usage?.prompt_tokens ?? 0) - invoice.usage.cacheWrite5mTokens,
      cacheReadTokens: 0,
      cacheWrite5mTokens: Math.floor((usage?.prompt_tokens ?? 0) / 16) * 16,
      cacheWrite1hTokens: 0,
      outputTokens: usage?.completion_tokens ?? 0,
      reasoningTokens: 0,
    };
    expect(invoice.usage).toEqual(expected);
    expect(usage?.prompt_tokens_details).toMatchObject({
      cache_write_tokens: expected.cacheWrite5mTokens,
    });
    expect(invoice.picoUsd).toBe(BigInt(costOf(price, expected, 0)));
  });

  test("stops where the caller leaves", async () => {
    const latency = {
      connectMs: 0,
      ttftBaseMs: 1,
      ttftMsPer1kUncached: 0,
      tokenMs: 10,
      jitter: 0,
    };
    const { world, client } = await start({ latency }, { pace: 1 });
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let read = 0;
    for await (const chunk of stream) {
      if ((chunk.choices[0]?.delta.content ?? "") !== "") read += 1;
      if (read === 3) break;
    }
    await world.stop("openai");
    const { calls, usage } = world.invoice("openai");
    expect(calls).toBe(1);
    expect(usage.inputTokens).toBeGreaterThan(0);
    expect(usage.outputTokens).toBeGreaterThanOrEqual(3);
    expect(usage.outputTokens).toBeLessThan(200);
  });
});

describe("a provider", () => {
  test("refuses connections when stopped, and comes back at its address", async () => {
    const { world, provider, client } = await start();
    await client.models.list();
    await world.stop("openai");
    await expect(client.models.list()).rejects.toBeInstanceOf(APIConnectionError);
    await world.restart("openai");
    expect(world.providers[0]?.baseUrl).toBe(provider.baseUrl);
    expect((await client.models.list()).data).toHaveLength(1);
  });

  test("cuts the streams under way when it is stopped", async () => {
    const { world, client } = await start({
      faults: [{ kind: "hang", afterContentEvents: 2 }],
    });
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    const read = (async () => {
      for await (const chunk of stream) {
        if ((chunk.choices[0]?.delta.content ?? "") !== "") break;
      }
      await world.stop("openai");
    })();
    await read;
    expect(world.invoice("openai").usage.outputTokens).toBe(2);
  });

  test("keeps what it was asked", async () => {
    const { world, client } = await start();
    for (const user of ["first", "second"]) {
      await client.chat.completions.create({ model, messages, user }, { headers: { trip: user } });
    }
    const requests = world.lastRequests("openai");
    expect(requests).toHaveLength(2);
    expect(requests.at(-1)).toMatchObject({
      body: { user: "second", messages },
      headers: { trip: "second" },
    });
    expect(requests.at(-1)?.headers).not.toHaveProperty("authorization");
  });

  test("is one of its world, under its own name", async () => {
    const { world } = await start();
    expect(() => world.invoice("nobody")).toThrow('no provider "nobody"');
    const twice = { id: "a", offerings: [] };
    await expect(startSimulatedWorld({ providers: [twice, twice] })).rejects.toThrow("twice");
    await expect(startSimulatedWorld({ providers: [], pace: -1 })).rejects.toThrow("-1");
  });
});

describe("faults", () => {
  test("answer with any status, headers and body, as often as told", async () => {
    const { world, client } = await start();
    world.setFault("openai", {
      kind: "status",
      status: 429,
      headers: { "retry-after": "7" },
      times: 1,
    });
    const error = await client.chat.completions.create({ model, messages }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toHaveProperty("code", "rate_limit_exceeded");
    expect(error instanceof APIError && error.headers?.get("retry-after")).toBe("7");
    expect((await readAll(client)).finish).toBe("stop");
    expect(world.invoice("openai").calls).toBe(1);
  });

  test.each<readonly [string, SimulatedFault]>([
    ["closed connection", { kind: "cut", afterContentEvents: 4 }],
    ["error event", { kind: "error_event", afterContentEvents: 4, code: "overloaded" }],
  ])("end a stream early: %s", async (_, fault) => {
    const { world, client } = await start({ faults: [fault] });
    const whole = (await readAll(clientOf((await start()).provider))).text;
    const { text, finish, error } = await readAll(client);
    expect(error).toBeInstanceOf(Error);
    expect(finish).toBeNull();
    expect(whole.startsWith(text)).toBe(true);
    expect(world.invoice("openai").usage.outputTokens).toBe(4);
    world.setFault("openai", null);
    expect((await readAll(client)).text).toBe(whole);
  });

  test("end a stream without its finish", async () => {
    const { client } = await start({
      faults: [{ kind: "cut", afterContentEvents: 3, how: "end" }],
    });
    expect(await readAll(client)).toMatchObject({ finish: null, error: null });
  });

  test("cut whole answers, and meet only the model they name", async () => {
    const { world, client } = await start();
    world.setFault("openai", { kind: "cut", afterContentEvents: 0, model });
    await expect(client.chat.completions.create({ model, messages })).rejects.toThrow();
    world.setFault("openai", { kind: "hang", model: "another" });
    expect((await client.chat.completions.create({ model, messages })).choices).toHaveLength(1);
  });

  test("hang until the caller goes, and cost nothing", async () => {
    const { world, client } = await start({ faults: [{ kind: "hang" }] });
    const call = client.chat.completions.create({ model, messages }, { timeout: 50 });
    await expect(call).rejects.toBeInstanceOf(APIConnectionTimeoutError);
    expect(world.invoice("openai").calls).toBe(0);
  });
});
