import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRetryAfter, retryInfoFromBody } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 8, 1, 12, 0, 0);

test.each([
  [{ "retry-after": "2" }, 2_000],
  [{ "retry-after": "0.25" }, 250],
  [{ "retry-after": "2", "retry-after-ms": "350.5" }, 350.5],
  [{ "retry-after": "Tue, 01 Sep 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Tue, 01 Sep 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": ["7", "9"] }, 7_000],
  [{ "retry-after": "-5" }, null],
  [{ "retry-after": "soon" }, null],
  [{ "retry-after": "1e9" }, null],
  [{}, null],
])("%j waits %s ms", (headers, expected) => {
  expect(parseRetryAfter(headers, nowMs)).toBe(expected);
});

test("any header gives null or a finite wait that is not negative", () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const wait = parseRetryAfter({ "retry-after": value }, nowMs);
      expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true);
    }),
  );
});

test("Google keeps the wait in the body", () => {
  const error = {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.Help" },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.4s" },
    ],
  };
  expect(retryInfoFromBody({ error })).toBe(34_400);
  expect(retryInfoFromBody([{ error }])).toBe(34_400);
  expect(retryInfoFromBody({ error: { details: [{ retryDelay: "soon" }] } })).toBeNull();
  expect(retryInfoFromBody("no")).toBeNull();
});
