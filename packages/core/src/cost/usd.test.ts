import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { picoPerTokenFromUsdPerMtok, usdFromPico } from "./usd.ts";

/** The amount written out, by string alone: 12 decimals, zeros at the end cut. */
const written = (pico: number): string => {
  const digits = String(pico).padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, "");
};

describe("usdFromPico", () => {
  it("equals the decimal with twelve places", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (pico) => {
        expect(usdFromPico(pico)).toBe(Number(written(pico)));
        // Printing it gives the amount back: no 0.30000000000000004.
        expect(Number(usdFromPico(pico).toFixed(12))).toBe(usdFromPico(pico));
      }),
    );
    expect(String(usdFromPico(300_000_000_000))).toBe("0.3");
  });
});

describe("picoPerTokenFromUsdPerMtok", () => {
  it("makes whole numbers of listed prices", () => {
    expect(picoPerTokenFromUsdPerMtok(0.075)).toBe(75_000);
    expect(picoPerTokenFromUsdPerMtok(1.1)).toBe(1_100_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000_000 }), (pico) => {
        expect(picoPerTokenFromUsdPerMtok(pico / 1e6)).toBe(pico);
      }),
    );
  });

  it.each([-1, Number.NaN, Infinity, 0.000_000_5])("refuses %s", (price) => {
    expect(() => picoPerTokenFromUsdPerMtok(price)).toThrow(RangeError);
  });
});
