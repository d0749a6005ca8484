import { describe, expect, test } from "vitest";
import { errorRowOf, errorTable, nearestKey, renderOpenAiError } from "../index.ts";

const typeByStatus: Readonly<Record<number, string>> = {
  0: "api_error",
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  409: "invalid_request_error",
  413: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
  502: "api_error",
  503: "api_error",
  504: "api_error",
};

describe("the error table", () => {
  test("has the 63 codes of the contract, the type by the status", () => {
    const rows = Object.entries(errorTable);
    expect(rows).toHaveLength(63);
    for (const [code, { status, type }] of rows) expect(type, code).toBe(typeByStatus[status]);
  });

  test("exactly these are retryable", () => {
    const retryable = Object.entries(errorTable).flatMap(([code, row]) =>
      row.retryable ? [code] : [],
    );
    expect(retryable.toSorted()).toEqual([
      "idempotency_conflict",
      "model_unavailable",
      "no_provider_available",
      "rate_limit_exceeded",
      "service_unavailable",
      "stream_duration_exceeded",
      "upstream_error",
      "upstream_timeout",
    ]);
  });

  test("an error's own status and retryable win", () => {
    const error = { code: "upstream_error", message: "m", param: null, retryable: false } as const;
    expect(errorRowOf(error)).toMatchObject({ status: 502, retryable: false });
    expect(
      errorRowOf({ code: "invalid_request", message: "m", param: null, status: 413 }),
    ).toMatchObject({
      status: 413,
      retryable: false,
    });
  });

  test("the envelope", () => {
    const error = {
      code: "model_not_found",
      message: "",
      param: "model",
      suggestion: "s",
      provider: "p",
    } as const;
    expect(renderOpenAiError(error, { docsBaseUrl: "http://h" })).toEqual({
      error: {
        message: "model_not_found",
        type: "not_found_error",
        code: "model_not_found",
        param: "model",
        doc_url: "http://h/docs/errors/model_not_found",
        provider: "p",
        suggestion: "s",
      },
    });
  });

  test("nearestKey", () => {
    expect(nearestKey("optimise", ["prefer", "optimize"])).toBe("optimize");
    expect(nearestKey("xyz", ["optimize"])).toBeNull();
    expect(nearestKey("tmie", ["tier", "mode", "timeout_ms"])).not.toBeNull();
  });
});
