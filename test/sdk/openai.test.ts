import { Client, mapOpenAIError, NotFoundError } from "@pointsman/sdk";
import type { RoutingMetadata } from "@pointsman/sdk";
import { captureRoutingMetadata, PointsmanOpenAI } from "@pointsman/sdk/openai";
import { createMemoryStores } from "@pointsman/store";
import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { drips } from "../failover/upstream.ts";
import { until } from "../failover/until.ts";

let lab: Lab;
const heard: (RoutingMetadata | null)[] = [];
const create = (): PointsmanOpenAI =>
  new PointsmanOpenAI({
    apiKey: "pk-lab",
    baseURL: lab.url,
    maxRetries: 0,
    onRoutingMetadata: (metadata) => heard.push(metadata),
  });
beforeEach(async () => {
  heard.length = 0;
  lab = await startLab(["chat", "chat"], { stores: createMemoryStores() });
});
afterEach(() => lab.close());

const chat = {
  model: "lab",
  messages: [{ role: "user" as const, content: "Which track?" }],
};

/** A fetch that asks the gateway once, and gives what came to whoever asks. */
const once = () => {
  let first: Promise<{ readonly body: string; readonly headers: Headers }> | undefined;
  return async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    first ??= fetch(url, init).then(async (response) => ({
      body: await response.text(),
      headers: response.headers,
    }));
    const { body, headers } = await first;
    return new Response(body, { headers: { "content-type": headers.get("content-type") ?? "" } });
  };
};

describe("of one and the same reply, this package's own client reads the same", () => {
  const clientsOf = () => {
    const reply = once();
    const openai = new PointsmanOpenAI({ apiKey: "pk-lab", baseURL: lab.url, fetch: reply });
    const own = new Client({ apiKey: "pk-lab", baseUrl: lab.url, fetch: reply });
    return { openai, own };
  };
  const input = { model: "lab", input: "Which track?" };

  test("chat", async () => {
    const { openai, own } = clientsOf();
    await openai.chat.completions.create(chat);
    const { routing_metadata } = await own.chat.completions.create(chat);
    expect(routing_metadata.provider).toBe("p0");
    expect(openai.lastRoutingMetadata).toEqual(routing_metadata);
  });

  test("chat, streamed", async () => {
    const { openai, own } = clientsOf();
    const stream = await openai.chat.completions.create({ ...chat, stream: true });
    for await (const chunk of stream) void chunk;
    const ours = await own.chat.completions.create({ ...chat, stream: true });
    const { routing_metadata } = await ours.final();
    expect(routing_metadata.ttft_ms).toBeGreaterThan(0);
    expect(openai.lastRoutingMetadata).toEqual(routing_metadata);
    expect(ours.routing_metadata).toEqual(routing_metadata);
  });

  test("Responses", async () => {
    const { openai, own } = clientsOf();
    await openai.responses.create(input);
    const { routing_metadata } = await own.responses.create(input);
    expect(routing_metadata?.provider).toBe("p0");
    expect(openai.lastRoutingMetadata).toEqual(routing_metadata);
  });

  test("Responses, streamed", async () => {
    const { openai, own } = clientsOf();
    const stream = await openai.responses.create({ ...input, stream: true });
    for await (const event of stream) void event;
    const ours = await own.responses.create({ ...input, stream: true });
    const { routing_metadata } = await ours.final();
    expect(routing_metadata?.ttft_ms).toBeGreaterThan(0);
    expect(openai.lastRoutingMetadata).toEqual(routing_metadata);
    expect(ours.routing_metadata).toEqual(routing_metadata);
  });
});

test("the metadata of a whole answer is there with it, and told once", async () => {
  const openai = create();
  expect(openai.lastRoutingMetadata).toBe(null);
  const answer = await openai.chat.completions.create(chat);
  expect(openai.lastRoutingMetadata?.provider).toBe("p0");
  expect(answer).toHaveProperty("routing_metadata", openai.lastRoutingMetadata);
  expect(heard).toEqual([openai.lastRoutingMetadata]);
});

test("of a stream it comes at its end, and the stream is not held up", async () => {
  lab.upstreams[0]?.play(drips(20));
  const openai = create();
  const stream = await openai.chat.completions.create({ ...chat, stream: true });
  const times: number[] = [];
  let last: unknown;
  for await (const chunk of stream) {
    times.push(performance.now());
    if (chunk.choices.length > 0) expect(openai.lastRoutingMetadata).toBe(null);
    last = chunk;
  }
  const own = (last as { routing_metadata?: RoutingMetadata }).routing_metadata;
  expect(openai.lastRoutingMetadata).toEqual(own);
  expect(own?.provider).toBe("p0");
  // Eight words, 20 ms apart: they did not come together.
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(60);
});

test("of a Responses stream, too; cleared by the next request", async () => {
  const openai = create();
  const stream = await openai.responses.create({
    model: "lab",
    input: "Which track?",
    stream: true,
  });
  for await (const event of stream) void event;
  expect(openai.lastRoutingMetadata?.provider).toBe("p0");
  const failing = openai.chat.completions.create({ ...chat, model: "nobody" });
  const error: unknown = await failing.catch((reason: unknown) => reason);
  expect(openai.lastRoutingMetadata).toBe(null);
  const mapped = mapOpenAIError(error);
  expect(mapped).toBeInstanceOf(NotFoundError);
  expect(mapped).toMatchObject({ code: "model_not_found", param: "model", statusCode: 404 });
  expect((mapped as NotFoundError).requestId).toMatch(/^req_/u);
});

test("leaving a stream tells what came, and ends the call at the provider within a second", async () => {
  lab.upstreams[0]?.play(drips(50));
  const openai = create();
  const stream = await openai.chat.completions.create({ ...chat, stream: true });
  for await (const chunk of stream) if (chunk.choices.length > 0) break;
  const leftMs = performance.now();
  await until(() => lab.upstreams[0]?.attempts[0]?.aborted === true);
  expect(performance.now() - leftMs).toBeLessThan(1000);
  await until(() => heard.length === 1);
  expect(heard).toEqual([null]);
});

test("any client's fetch can note it", async () => {
  const { fetch, last } = captureRoutingMetadata();
  const openai = new OpenAI({ apiKey: "pk-lab", baseURL: lab.url, fetch });
  await openai.chat.completions.create(chat);
  expect(last()?.provider).toBe("p0");
});

test("other errors come back as they are", async () => {
  const other = new TypeError("mine");
  expect(mapOpenAIError(other)).toBe(other);
  expect(mapOpenAIError("text")).toBe("text");
  const nowhere = new OpenAI({ apiKey: "k", baseURL: "http://127.0.0.1:1/v1", maxRetries: 0 });
  const lost: unknown = await nowhere.models.list().catch((error: unknown) => error);
  expect(mapOpenAIError(lost)).toMatchObject({ code: "api_connection_error", statusCode: 0 });
});
