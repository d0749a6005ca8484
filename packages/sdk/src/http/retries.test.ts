import * as fc from "fast-check";
import { expect, test } from "vitest";
import { errorOfBody } from "../error-of-body.ts";
import { ResponseHeaders } from "./response-headers.ts";
import { waitMs } from "./retries.ts";

const limited = (retryAfter?: string) =>
  errorOfBody(
    { error: { message: "m", type: "rate_limit_error", code: "rate_limit_exceeded" } },
    429,
    new ResponseHeaders(new Headers(retryAfter === undefined ? {} : { "retry-after": retryAfter })),
  );

const random = fc.double({ min: 0, max: 1, noNaN: true });

test("waits grow by half, up to half a minute, give or take a fifth", () => {
  expect([0, 1, 2, 20].map((retry) => waitMs(retry, limited(), 0.5))).toEqual([
    500, 750, 1125, 30_000,
  ]);
  fc.assert(
    fc.property(fc.nat({ max: 100 }), random, (retry, chance) => {
      const middle = waitMs(retry, limited(), 0.5);
      const wait = waitMs(retry, limited(), chance);
      expect(wait).toBeGreaterThanOrEqual(middle * 0.8 - 1e-6);
      expect(wait).toBeLessThanOrEqual(middle * 1.2 + 1e-6);
      expect(waitMs(retry + 1, limited(), chance)).toBeGreaterThanOrEqual(wait);
    }),
  );
});

test("what the server asks for is waited, and no less", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 }), fc.nat({ max: 10_000 }), random, (retry, seconds, chance) => {
      const own = waitMs(retry, limited(), chance);
      expect(waitMs(retry, limited(String(seconds)), chance)).toBe(Math.max(own, seconds * 1000));
    }),
  );
});
