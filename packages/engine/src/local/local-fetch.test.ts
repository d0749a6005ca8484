import { emptyUsage, flatSchedule } from "@pointsman/core";
import { exampleOffering } from "@pointsman/core/testing";
import { expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { createScriptedAdapter } from "../../test/scripted-adapter.ts";
import { createEngine } from "../engine.ts";
import { createLocalFetch } from "./local-fetch.ts";
import type { FinishedLocalRequest, LocalFetchOptions } from "./local-options.ts";

const chat = "http://nowhere/v1/chat/completions";
const messages = [{ role: "user", content: "Hello there." }];

const sent = (body: object, init: RequestInit = {}): RequestInit => ({
  method: "POST",
  body: JSON.stringify({ model: "m", messages, ...body }),
  ...init,
});

/** An engine of one provider, and what was heard of finished requests. */
const open = (options: LocalFetchOptions = {}) => {
  const clock = createManualClock();
  const adapter = createScriptedAdapter("p");
  const engine = createEngine({
    clock,
    nextSeed: () => 7,
    offerings: [exampleOffering("p", { price: flatSchedule({ input: 1, output: 2 }) })],
    providers: [{ id: "p", adapter, apiKeys: ["key-p"] }],
  });
  const finished: FinishedLocalRequest[] = [];
  const onFinished = (one: FinishedLocalRequest): void => void finished.push(one);
  const fetch = createLocalFetch(engine, { onFinished, ...options });
  /** The call at the provider, once it is there. */
  const called = async () => {
    await expect.poll(() => adapter.calls.length).toBeGreaterThan(0);
    const [call] = adapter.calls;
    if (call === undefined) throw new Error("nobody was called");
    return call;
  };
  return { clock, adapter, engine, finished, fetch, called };
};

const text = (said: string) => ({ kind: "text", choice: 0, text: said }) as const;
const stop = { kind: "finish", choice: 0, reason: "stop", native: "stop" } as const;
const usage = { ...emptyUsage, inputTokens: 10, outputTokens: 5 };
const done = { ok: true, reply: null, usage, losses: [] } as const;

type Failed = { readonly error: { readonly code: string; readonly doc_url: string } };
const failureOf = async (response: Response): Promise<Failed["error"]> =>
  // What an error looks like on OpenAI's wires.
  ((await response.json()) as Failed).error;

test("a stream is answered as it comes, and its end is told with what it cost", async () => {
  const { fetch, called, finished } = open();
  const tags = ["night"];
  const asked = fetch(chat, sent({ stream: true, gateway: { metadata: { tags } } }));
  const call = await called();
  expect(call.call.credential.apiKey).toBe("key-p");
  call.items(text("Hello"));
  const response = await asked;
  expect(response.status).toBe(200);
  expect(response.headers.get("x-pointsman-provider")).toBe("p");
  expect(finished).toEqual([]);
  call.items(stop);
  call.end(done);
  const body = await response.text();
  expect(body).toContain('"content":"Hello"');
  expect(body).toContain('"routing_metadata":{"provider":"p"');
  expect(body.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(finished).toMatchObject([
    { outcome: "success", endpoint: "chat_completions", stream: true, tags },
  ]);
  expect(finished[0]?.requestId).toBe(response.headers.get("x-request-id"));
  expect(finished[0]?.decisionId).toBe(response.headers.get("x-pointsman-decision-id"));
  expect(finished[0]?.report).toMatchObject({ costPicoUsd: 20_000_000, usage });
});

test("a stream that nobody reads pauses the provider, and goes on once it is read", async () => {
  const { fetch, called } = open();
  const asked = fetch(chat, sent({ stream: true }));
  const call = await called();
  for (let n = 0; n < 8; n += 1) call.items(text("x".repeat(16 * 1024)));
  const { body } = await asked;
  const reader = body?.getReader();
  expect(call.paused).toBe(true);
  await expect.poll(async () => (await reader?.read(), call.paused)).toBe(false);
  call.items(stop);
  call.end(done);
  let ended = false;
  while (!ended) ended = (await reader?.read())?.done ?? true;
});

test("who cancels the stream, or aborts, ends the call at the provider", async () => {
  for (const how of ["cancel", "abort"] as const) {
    const { fetch, called, finished, clock } = open();
    const leaving = new AbortController();
    const asked = fetch(chat, sent({ stream: true }, { signal: leaving.signal }));
    const call = await called();
    call.items(text("Hello"));
    const reader = (await asked).body?.getReader();
    await reader?.read();
    if (how === "cancel") await reader?.cancel();
    else leaving.abort(new Error("enough"));
    expect(call.aborted).toBe(true);
    if (how === "abort") await expect(reader?.read()).rejects.toThrow("enough");
    await Promise.resolve();
    expect(finished).toMatchObject([{ outcome: "client_disconnected" }]);
    expect(finished[0]?.report?.attempts).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  }
});

test("an abort before the head rejects, and one before the call calls nobody", async () => {
  const { fetch, called, adapter, finished } = open();
  const leaving = new AbortController();
  const asked = fetch(chat, sent({}, { signal: leaving.signal }));
  const call = await called();
  leaving.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect(call.aborted).toBe(true);
  expect(finished).toMatchObject([{ outcome: "client_disconnected" }]);
  await expect(fetch(chat, sent({}, { signal: leaving.signal }))).rejects.toThrow("enough");
  const late = new AbortController();
  const read = fetch(new Request(chat, sent({}, { signal: late.signal })));
  late.abort(new Error("while it is read"));
  await expect(read).rejects.toThrow("while it is read");
  expect(adapter.calls).toHaveLength(1);
});

test("an abort after the end changes nothing", async () => {
  const { fetch, called, finished } = open();
  const leaving = new AbortController();
  const asked = fetch(chat, sent({ stream: true }, { signal: leaving.signal }));
  const call = await called();
  call.items(text("Hello"), stop);
  call.end(done);
  leaving.abort();
  expect(await (await asked).text()).toContain("[DONE]");
  expect(finished).toMatchObject([{ outcome: "success" }]);
});

test("a stream without content lives on: a head after 25 s, a comment every 15 s", async () => {
  const { fetch, called, clock } = open();
  const asked = fetch(chat, sent({ stream: true }));
  const call = await called();
  clock.advance(25_000);
  const response = await asked;
  clock.advance(15_000);
  call.items(text("Hello"));
  call.fail({ outcome: "stream_cut" });
  const body = await response.text();
  expect(body.startsWith(": keep-alive\n\n: keep-alive\n\ndata: ")).toBe(true);
});

test("what is wrong with a request is told as the wire tells it", async () => {
  const { fetch, finished, adapter } = open();
  const empty = await fetch(chat, { method: "POST" });
  expect(empty.status).toBe(400);
  expect(empty.headers.get("x-should-retry")).toBe("false");
  expect(await failureOf(empty)).toMatchObject({
    code: "invalid_request",
    doc_url: "http://nowhere/docs/errors/invalid_request",
  });
  const unknown = await fetch(
    chat,
    sent({ model: "nobody" }, { headers: { "X-Request-ID": "a" } }),
  );
  expect([unknown.status, unknown.headers.get("request-id")]).toEqual([404, "a"]);
  expect(await failureOf(unknown)).toMatchObject({ code: "model_not_found" });
  const anthropic = await fetch("http://nowhere/v1/messages", sent({}));
  expect(await anthropic.json()).toMatchObject({
    type: "error",
    error: { type: "invalid_request_error", details: { error_code: "missing_required_parameter" } },
  });
  expect(adapter.calls).toEqual([]);
  expect(finished).toEqual([]);
});

test("other paths and methods are told to be none", async () => {
  const { fetch } = open({ docsBaseUrl: "https://docs.test" });
  const nothing = await fetch("http://nowhere/v1/embeddings", { method: "POST", body: "{}" });
  expect(nothing.status).toBe(404);
  expect(await failureOf(nothing)).toMatchObject({
    code: "resource_not_found",
    doc_url: "https://docs.test/docs/errors/resource_not_found",
  });
  const wrong = await fetch(chat);
  expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"]);
  expect((await fetch("http://nowhere/v1/models", { method: "POST" })).status).toBe(405);
});

test("a purse limits a request, and is asked with what is known of it", async () => {
  const asked: unknown[] = [];
  const error = { code: "budget_exhausted", message: "Spent.", param: null } as const;
  const refused = async () => ({ status: "refused", error }) as const;
  const { fetch, finished } = open({
    purse: (request) => {
      asked.push(request);
      return { reserve: refused, extend: refused, settle: async () => {} };
    },
  });
  const response = await fetch(chat, sent({}));
  expect(response.status).toBe(429);
  expect(await failureOf(response)).toMatchObject({ code: "budget_exhausted" });
  expect(asked).toMatchObject([{ endpoint: "chat_completions", stream: false, tags: [] }]);
  expect(finished).toMatchObject([{ outcome: "budget_exhausted" }]);
});

test("requests start from the workspace's routing, and an answer explains itself on demand", async () => {
  const { fetch, called } = open({ workspace: { routing: { optimize: "ttft-focus" } } });
  const asked = fetch(chat, sent({ stream: true, gateway: { explain: true } }));
  const call = await called();
  call.items(text("Hello"), stop);
  call.end(done);
  const body = await (await asked).text();
  expect(body).toContain('"routing_strategy":"ttft-focus"');
  expect(body).toContain('"optimize":{"value":"ttft-focus","source":"workspace"}');
});

test("models are told by id and, with a catalogue, by what else it knows", async () => {
  const known = { id: "m", displayName: "Em", createdSeconds: 86_400 };
  const catalog = {
    version: "v1",
    dateMs: 0,
    resolve: (name: string) => (name === "m" || name === "em/latest" ? known : null),
    suggest: () => ["other", "m"],
  };
  const bare = open();
  const plain = await bare.fetch("http://nowhere/v1/models");
  expect(await plain.json()).toMatchObject({
    data: [{ id: "m", created: 0 }],
    catalog_version: "none",
    catalog_age_seconds: 0,
  });
  expect((await bare.fetch("http://nowhere/v1/models/em%2Flatest")).status).toBe(404);
  const { fetch, called } = open({ catalog });
  const headers = { "anthropic-version": "2023-06-01" };
  const named = await fetch("http://nowhere/v1/models/em%2Flatest", { headers });
  expect(await named.json()).toMatchObject({ id: "m", created: 86_400, display_name: "Em" });
  const wrong = await fetch("http://nowhere/v1/models/%E0%A4%A");
  expect(await failureOf(wrong)).toMatchObject({
    code: "model_not_found",
    suggestion: "Did you mean m?",
  });
  expect((await fetch("http://nowhere/v1/models?endpoint=batch")).status).toBe(400);
  const asked = fetch(chat, sent({ model: "em/latest", stream: true }));
  (await called()).items(text("Hello"), stop);
  (await called()).end(done);
  expect((await asked).headers.get("x-pointsman-model")).toBe("m");
});

test("tokens are counted", async () => {
  const { fetch } = open();
  const response = await fetch("http://nowhere/v1/messages/count_tokens", sent({}));
  expect(response.headers.get("x-token-count-model")).toBe("m");
  expect(await response.json()).toEqual({ input_tokens: expect.any(Number) as unknown });
});

test("bodies may be bytes, a stream or a request of their own", async () => {
  const { fetch, adapter } = open();
  const bytes = new TextEncoder().encode(JSON.stringify({ model: "nobody", messages }));
  const stream = new Blob([bytes]).stream();
  const ways = [
    fetch(new URL(chat), { method: "POST", body: bytes }),
    fetch(chat, { method: "POST", body: stream, duplex: "half" }),
    fetch(new Request(chat, { method: "POST", body: bytes })),
  ];
  for (const asked of ways) {
    expect(await failureOf(await asked)).toMatchObject({ code: "model_not_found" });
  }
  expect(adapter.calls).toEqual([]);
});
