import { expect, test } from "vitest";
import { classifyFailure, classifyToldError } from "./classify-failure.ts";
import { createRedactor } from "./redact.ts";
import type { ResponseHeaders } from "./retry-after.ts";

const redact = createRedactor(["sk-test-0123456789abcdef"]);

const classify = (status: number, body: unknown, headers: ResponseHeaders = {}) =>
  classifyFailure({
    status,
    headers,
    body: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
    nowMs: 0,
    redact,
    vendorCodes: { "1113": "auth_error", "1301": "content_filtered" },
  });

const openAi = (message: string, code: string | null = null, param: string | null = null) => ({
  error: { message, type: "invalid_request_error", param, code },
});

test.each([
  [400, openAi("bad", "context_length_exceeded"), "context_length"],
  [400, openAi("This model's maximum context length is 8192 tokens"), "context_length"],
  [
    400,
    {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: "prompt is too long: 200001 tokens > 200000 maximum",
      },
    },
    "context_length",
  ],
  [400, openAi("no", "unsupported_parameter", "max_tokens"), "unsupported_parameter"],
  [
    400,
    openAi("Unsupported value: 'temperature' does not support 0.2", "unsupported_value"),
    "unsupported_parameter",
  ],
  [
    400,
    {
      error: "Argument not supported on this model: presencePenalty",
      code: "Client specified an invalid argument",
    },
    "unsupported_parameter",
  ],
  [
    422,
    {
      object: "error",
      message: {
        detail: [
          { type: "extra_forbidden", loc: ["body", "seed"], msg: "Extra inputs are not permitted" },
        ],
      },
      code: null,
    },
    "unsupported_parameter",
  ],
  [400, openAi("no", "content_policy_violation"), "content_filtered"],
  [400, { error: { code: "1301", message: "sensitive" } }, "content_filtered"],
  [403, { error: "Content violates usage guidelines" }, "content_filtered"],
  [400, openAi("messages must not be empty"), "bad_request"],
  [413, "<html>too large</html>", "bad_request"],
  [
    422,
    { detail: [{ type: "missing", loc: ["body", "messages"], msg: "Field required" }] },
    "bad_request",
  ],
  [400, { error: "Incorrect API key provided: xa***Wz" }, "auth_error"],
  [
    400,
    [
      {
        error: {
          code: 400,
          status: "INVALID_ARGUMENT",
          message: "API key not valid.",
          details: [{ reason: "API_KEY_INVALID" }],
        },
      },
    ],
    "auth_error",
  ],
  [401, {}, "auth_error"],
  [
    402,
    { error: { message: "Insufficient Balance", code: "invalid_request_error" } },
    "auth_error",
  ],
  [403, {}, "auth_error"],
  [404, openAi("The model does not exist", "model_not_found"), "model_unavailable"],
  // "Item with id 'rs_…' not found": one caller's items must not rest the model for all.
  [404, { error: { message: "Item not found", code: null, param: "input" } }, "bad_request"],
  [404, "not here", "model_unavailable"],
  [400, openAi("Model Not Exist"), "model_unavailable"],
  [400, openAi("The model `gpt-5.1` does not exist"), "model_unavailable"],
  [
    400,
    openAi("Invalid content type. image_url is only supported by certain models."),
    "unsupported_parameter",
  ],
  [400, openAi("`tool calling` is not supported with this model"), "unsupported_parameter"],
  [408, "", "server_error"],
  [409, "", "server_error"],
  [500, {}, "server_error"],
  [500, openAi("x", "unsupported_parameter"), "server_error"],
  [502, "<html></html>", "server_error"],
  [504, "", "server_error"],
  [503, "", "overloaded"],
  [
    529,
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
    "overloaded",
  ],
  [429, openAi("slow down", "rate_limit_exceeded"), "rate_limited"],
  [
    429,
    {
      error: {
        message: "You exceeded your current quota",
        type: "insufficient_quota",
        code: "insufficient_quota",
      },
    },
    "auth_error",
  ],
  [429, { error: { code: "1113", message: "no balance" } }, "auth_error"],
  [
    413,
    { error: { message: "Request too large", type: "tokens", code: "rate_limit_exceeded" } },
    "context_length",
  ],
  [302, "", "bad_response"],
  [405, "", "bad_response"],
] as const)("%i %j is %s", (status, body, outcome) => {
  expect(classify(status, body)).toMatchObject({ outcome, status, staleConnection: false });
});

test("every shape of error body gives its message", () => {
  expect(classify(500, { message: "a" }).message).toBe("a");
  expect(classify(500, { error: "b" }).message).toBe("b");
  expect(classify(500, { detail: "c" }).message).toBe("c");
  expect(classify(500, "d").message).toBe("d");
  expect(classify(500, "<p>e</p>").message).toBe("HTTP 500");
  expect(classify(500, { base_resp: { status_code: 1013, status_msg: "f" } }).error).toEqual({
    message: "f",
    type: null,
    code: "1013",
    param: null,
  });
});

test("a refused parameter is named even where only the words name it", () => {
  expect(
    classify(400, openAi("Unsupported parameter: 'logprobs' is not supported")).error?.param,
  ).toBe("logprobs");
  expect(classify(400, openAi("Unrecognized request argument supplied: seed")).error?.param).toBe(
    "seed",
  );
});

test("waits come from headers or from Google's body", () => {
  expect(classify(429, "", { "retry-after": "3" }).retryAfterMs).toBe(3_000);
  expect(
    classify(429, { error: { code: 429, message: "m", details: [{ retryDelay: "1s" }] } })
      .retryAfterMs,
  ).toBe(1_000);
  expect(classify(429, "").retryAfterMs).toBeNull();
});

test("no key is shown in any field", () => {
  const key = "sk-test-0123456789abcdef";
  const failure = classify(401, {
    error: { message: `bad ${key}`, type: key, code: key, param: key },
  });
  expect(JSON.stringify(failure)).not.toContain(key);
});

test("errors told under 200 are server errors unless their code says otherwise", () => {
  const told = (code: string | null, type: string | null = null) =>
    classifyToldError({ message: "m", type, code, param: null }, { status: 200, redact }).outcome;
  expect(told(null)).toBe("server_error");
  expect(told(null, "overloaded_error")).toBe("overloaded");
  expect(told("429")).toBe("rate_limited");
  expect(told("502")).toBe("server_error");
  expect(told("context_length_exceeded")).toBe("context_length");
});
