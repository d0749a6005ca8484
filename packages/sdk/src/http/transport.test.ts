import { describe, expect, test, vi } from "vitest";
import { clientOf, errorOf, fault } from "../../test/fake-gateway.ts";
import { APIConnectionError, AuthenticationError, Client, RateLimitError } from "../index.ts";
import type { Fetch } from "../index.ts";

const me = { key_id: "k" };

test("without a key there is no call", () => {
  vi.stubEnv("POINTSMAN_API_KEY", undefined);
  for (const options of [{}, { apiKey: "" }]) {
    expect(() => new Client(options)).toThrow(AuthenticationError);
    expect(() => new Client(options)).toThrow(
      expect.objectContaining({ statusCode: 0, code: "missing_api_key" }),
    );
  }
  vi.unstubAllEnvs();
});

test.each([
  ["http://h", "http://h/v1/me"],
  ["http://h/", "http://h/v1/me"],
  ["http://h/v1", "http://h/v1/me"],
  ["http://h/under/v1/", "http://h/under/v1/me"],
])("the base URL %s asks %s", async (baseUrl, url) => {
  const { client, asked } = clientOf([{}], { baseUrl });
  await client.me.get();
  expect(asked[0]?.url).toBe(url);
});

test("headers of the client and the call go along; the key is the client's", async () => {
  const { client, asked } = clientOf([{}], { defaultHeaders: { "x-a": "1", "x-b": "1" } });
  await client.me.get({ headers: { "X-B": "2", Authorization: "Bearer other" } });
  const headers = new Headers(asked[0]?.init.headers);
  expect([headers.get("x-a"), headers.get("x-b")]).toEqual(["1", "2"]);
  expect(headers.get("authorization")).toBe("Bearer pk");
});

test("headers of the answer are read; bad numbers are none", async () => {
  const headers = {
    "x-request-id": "req_1",
    "x-ratelimit-limit-requests": "60",
    "x-ratelimit-remaining-requests": "many",
    "x-ratelimit-reset-requests": "2027-01-01T00:00:00Z",
    "x-credits-balance-microdollars": "-5",
  };
  const answer = await clientOf([{ headers, body: me }]).client.me.get();
  const read = answer.responseHeaders;
  expect(read.requestId).toBe("req_1");
  expect([read.rateLimitLimit, read.rateLimitRemaining]).toEqual([60, undefined]);
  expect(read.creditsBalanceMicrodollars).toBe(-5);
  expect(read.rateLimitReset).toBe("2027-01-01T00:00:00Z");
  expect(read.get("X-Request-ID")).toBe("req_1");
  expect(JSON.stringify(answer)).toBe(JSON.stringify(me));
});

describe("retries", () => {
  test.each([
    ["a lost connection", new TypeError("fetch failed")],
    ["503", { status: 503, body: fault("service_unavailable") }],
    ["502", { status: 502, body: fault("upstream_error") }],
    ["429", { status: 429, body: fault("rate_limit_exceeded", "rate_limit_error") }],
    ["no JSON of a gateway before the gateway", { status: 502, body: "<html>" }],
    ["what the limiter before it says", { status: 429, body: "slow down" }],
  ] as const)("%s is repeated", async (_case, step) => {
    const { client, asked, waits } = clientOf([step, step, { body: me }]);
    expect(await client.me.get()).toEqual(me);
    expect(asked).toHaveLength(3);
    expect(waits).toEqual([500, 750]);
  });

  test.each([
    [400, "invalid_request", "invalid_request_error"],
    [401, "invalid_api_key", "authentication_error"],
    [404, "model_not_found", "not_found_error"],
    [409, "duplicate_resource", "invalid_request_error"],
    [429, "budget_exhausted", "rate_limit_error"],
    [429, "insufficient_quota", "rate_limit_error"],
    [500, "internal_error", "api_error"],
    [404, "malformed_response", "<html>"],
    [200, "malformed_response", "<html>"],
    [200, "malformed_response", "[]"],
  ])("%i %s is not", async (status, code, type) => {
    const body = code === "malformed_response" ? type : fault(code, type);
    const { client, asked } = clientOf([{ status, body }]);
    expect((await errorOf(client.me.get())).code).toBe(code);
    expect(asked).toHaveLength(1);
  });

  test("the server's word wins, both ways", async () => {
    const no = { status: 503, body: fault("x"), headers: { "x-should-retry": "false" } };
    const refused = clientOf([no]);
    await errorOf(refused.client.me.get());
    expect(refused.asked).toHaveLength(1);
    const yes = {
      status: 409,
      body: fault("idempotency_conflict", "invalid_request_error"),
      headers: { "x-should-retry": "true" },
    };
    expect(await clientOf([yes, { body: me }]).client.me.get()).toEqual(me);
  });

  test("so many as asked for, and as long as the server wants, within a limit", async () => {
    const step = {
      status: 429,
      body: fault("rate_limit_exceeded", "rate_limit_error"),
      headers: { "retry-after": "7" },
    };
    const { client, asked, waits } = clientOf([step]);
    const error = await errorOf(client.me.get({ maxRetries: 4 }));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.retryAfterSeconds).toBe(7);
    expect([asked.length, waits]).toEqual([5, [7000, 7000, 7000, 7000]]);
    const far = { ...step, headers: { "retry-after": "3600" } };
    const impatient = clientOf([far]);
    await errorOf(impatient.client.me.get());
    expect(impatient.waits).toEqual([]);
    const patient = clientOf([far, {}], { maxRetryWaitMs: 4_000_000 });
    await patient.client.me.get();
    expect(patient.waits).toEqual([3_600_000]);
  });
});

test("a call that takes too long, and one that is aborted", async () => {
  const hang: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    });
  const { client } = clientOf([], { fetch: hang });
  const late = await errorOf(client.me.get({ timeout: 20, maxRetries: 0 }));
  expect(late).toBeInstanceOf(APIConnectionError);
  expect(late.message).toBe("No answer within 20 ms.");
  const controller = new AbortController();
  const asking = client.me.get({ signal: controller.signal });
  controller.abort();
  await expect(asking).rejects.toMatchObject({ name: "AbortError" });
  await expect(client.me.get({ signal: controller.signal })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test.each([[""], ["<html>oops</html>"], ["{}"], ['{"error":{"message":"","code":"x"}}']])(
  "%j with an error status is malformed",
  async (body) => {
    const { client } = clientOf([{ status: 418, body }]);
    const error = await errorOf(client.me.get({ maxRetries: 0 }));
    expect(error).toMatchObject({ statusCode: 418, code: "malformed_response" });
    expect(error.name).toBe("APIStatusError");
  },
);

test("a model is named, once, before any call", async () => {
  const { client, asked } = clientOf([{}]);
  const messages = [{ role: "user" as const, content: "hi" }];
  const neither = await errorOf(client.chat.completions.create({ messages }));
  expect(neither).toMatchObject({ code: "missing_required_parameter", param: "model" });
  const both = client.responses.create({ input: "hi", model: "a", gateway: { models: ["b"] } });
  expect(await errorOf(both)).toMatchObject({
    code: "invalid_parameter_value",
    param: "gateway.models",
  });
  expect(asked).toEqual([]);
});
