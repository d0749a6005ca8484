import { describe, expect, test } from "vitest";
import { errorOfBody } from "./error-of-body.ts";
import {
  APIConnectionError,
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  PointsmanAPIError,
  RateLimitError,
} from "./errors.ts";
import { ResponseHeaders } from "./http/response-headers.ts";

const classes = [
  APIConnectionError,
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
];

const told = (type: string) => ({ error: { message: "m", type, code: "some_code", param: null } });

test.each([
  [400, "invalid_request_error", BadRequestError],
  [413, "invalid_request_error", BadRequestError],
  [401, "authentication_error", AuthenticationError],
  [403, "permission_error", PermissionDeniedError],
  [404, "not_found_error", NotFoundError],
  [409, "invalid_request_error", ConflictError],
  [429, "rate_limit_error", RateLimitError],
  [500, "api_error", InternalServerError],
  [502, "api_error", APIStatusError],
  [504, "api_error", APIStatusError],
  [418, "an_error_of_a_later_gateway", APIStatusError],
  // Within a stream.
  [200, "rate_limit_error", RateLimitError],
  [200, "api_error", APIStatusError],
])("%i %s", (status, type, errorClass) => {
  const error = errorOfBody(told(type), status);
  expect(error.constructor).toBe(errorClass);
  expect(error).toMatchObject({ statusCode: status, type, name: errorClass.className });
});

test("all that the answer tells is there", () => {
  const body = {
    error: {
      message: "No such model.",
      type: "not_found_error",
      code: "model_not_found",
      param: "model",
      doc_url: "http://h/docs/errors/model_not_found",
      provider: "openai",
      suggestion: "gpt-4o",
    },
  };
  const headers = new Headers({ "request-id": "req_2", "retry-after": "1.5" });
  expect(errorOfBody(body, 404, new ResponseHeaders(headers))).toMatchObject({
    message: "No such model.",
    param: "model",
    body,
    requestId: "req_2",
    retryAfterSeconds: 1.5,
    docUrl: "http://h/docs/errors/model_not_found",
    provider: "openai",
    suggestion: "gpt-4o",
  });
  const dated = new ResponseHeaders(
    new Headers({ "retry-after": "Fri, 27 Nov 2026 12:00:00 GMT" }),
  );
  expect(errorOfBody(body, 404, dated).retryAfterSeconds).toBeUndefined();
});

test.each([
  ["rate_limit_error", 429, "rate_limit_exceeded", RateLimitError, "rate_limit_error"],
  ["timeout_error", 504, "upstream_timeout", APIStatusError, "api_error"],
  ["overloaded_error", 503, "no_provider_available", APIStatusError, "api_error"],
  ["billing_error", 400, "payment_declined", BadRequestError, "invalid_request_error"],
  ["api_error", 500, "internal_error", InternalServerError, "api_error"],
] as const)("the envelope of Messages: %s", (type, status, code, errorClass, expected) => {
  const details = { error_code: code, param: "model", doc_url: "d" };
  const body = { type: "error", error: { type, message: "m", suggestion: "s", details } };
  const error = errorOfBody(body, status);
  expect(error.constructor).toBe(errorClass);
  expect(error).toMatchObject({
    code,
    type: expected,
    param: "model",
    docUrl: "d",
    suggestion: "s",
  });
});

test.each([
  ["budget_exhausted", RateLimitError, "rate_limit_error"],
  ["context_length_exceeded", BadRequestError, "invalid_request_error"],
  ["model_not_found", NotFoundError, "not_found_error"],
  ["feature_disabled", PermissionDeniedError, "permission_error"],
  ["invalid_api_key", AuthenticationError, "authentication_error"],
  ["upstream_error", APIStatusError, "api_error"],
  ["one_of_a_later_gateway", APIStatusError, "api_error"],
])("a flat event tells its code alone: %s", (code, errorClass, type) => {
  const event = { type: "error", code, message: "m", param: null, sequence_number: 0 };
  const error = errorOfBody(event, 200);
  expect(error.constructor).toBe(errorClass);
  expect(error).toMatchObject({ code, type, statusCode: 200, body: event });
});

test.each([
  [undefined],
  [null],
  [""],
  ["<html>"],
  [[]],
  [{}],
  [{ error: null }],
  [{ error: "text" }],
  [{ error: { message: "", code: "x" } }],
  [{ error: { message: "m", code: null } }],
  [{ message: "m", code: "x" }],
])("%j is no error of this API", (body) => {
  const error = errorOfBody(body, 502);
  expect(error.constructor).toBe(APIStatusError);
  expect(error).toMatchObject({ code: "malformed_response", statusCode: 502, body });
});

describe("isInstance", () => {
  const facts = { message: "m", statusCode: 400, type: "t", code: "c" };

  test.each(classes.map((errorClass) => [errorClass.className, errorClass] as const))(
    "%s is itself and a PointsmanAPIError, and no other",
    (className, errorClass) => {
      const error = new errorClass(facts);
      expect(error.name).toBe(className);
      expect(PointsmanAPIError.isInstance(error)).toBe(true);
      expect(classes.filter((other) => other.isInstance(error))).toEqual([errorClass]);
      expect(String(error)).toBe(`${className}: m`);
    },
  );

  test("knows errors of another copy of this package", () => {
    const copy = Object.create(Error.prototype) as object;
    Object.defineProperty(copy, Symbol.for("pointsman.sdk.error"), {
      value: ["PointsmanAPIError", "BadRequestError"],
    });
    expect(copy).not.toBeInstanceOf(BadRequestError);
    expect(BadRequestError.isInstance(copy)).toBe(true);
    expect(RateLimitError.isInstance(copy)).toBe(false);
  });

  test.each([[null], [undefined], ["text"], [new Error("m")], [{}]])("%j is none", (value) => {
    expect(PointsmanAPIError.isInstance(value)).toBe(false);
  });
});
