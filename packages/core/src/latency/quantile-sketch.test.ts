import * as fc from "fast-check";
import { build } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { addToSketch, mergeSketches, newQuantileSketch, quantileOf } from "./quantile-sketch.ts";
import type { QuantileSketch } from "./quantile-sketch.ts";

const HOUR_MS = 3_600_000;
const values = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 400 });
const sketchOf = (list: readonly number[], nowMs = 0): QuantileSketch => {
  const sketch = newQuantileSketch(HOUR_MS);
  for (const value of list) addToSketch(sketch, value, nowMs);
  return sketch;
};

describe("quantile sketch", () => {
  it("is within 1 % of an HDR histogram", () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.9, 0.95, 0.99), (list, share) => {
        const oracle = build({ numberOfSignificantValueDigits: 4 });
        for (const value of list) oracle.recordValue(value);
        const expected = oracle.getValueAtPercentile(share * 100);
        const measured = quantileOf(sketchOf(list), share);
        // The oracle itself is off by at most 0.01 %.
        expect(Math.abs(measured / expected - 1)).toBeLessThan(0.01);
      }),
    );
  });

  it("merges in any order to what one sketch of all values is", () => {
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        const [a, b, c] = [sketchOf(x), sketchOf(y), sketchOf(z)];
        const whole = sketchOf([...x, ...y, ...z]);
        const left = mergeSketches(mergeSketches(a, b), c);
        const right = mergeSketches(a, mergeSketches(c, b));
        for (const share of [0.05, 0.5, 0.95]) {
          expect(quantileOf(left, share)).toBeCloseTo(quantileOf(whole, share), 6);
          expect(quantileOf(right, share)).toBeCloseTo(quantileOf(whole, share), 6);
        }
        expect(left.seen).toBe(whole.seen);
      }),
    );
  });

  it("survives JSON and goes on alike", () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const sketch = sketchOf(x);
        const back: QuantileSketch = JSON.parse(JSON.stringify(sketch));
        for (const value of y) {
          addToSketch(sketch, value, HOUR_MS);
          addToSketch(back, value, HOUR_MS);
        }
        expect(back).toEqual(sketch);
      }),
    );
  });

  it("forgets: after ten half-lives the new values are the median, however many old ones there were", () => {
    const sketch = sketchOf(Array.from({ length: 500 }, () => 10));
    for (let value = 0; value < 5; value += 1) addToSketch(sketch, 1000, 10 * HOUR_MS);
    expect(quantileOf(sketch, 0.5)).toBeGreaterThan(900);
    for (let value = 0; value < 5; value += 1) addToSketch(sketch, 50, 1000 * HOUR_MS);
    expect(quantileOf(sketch, 0.5)).toBeLessThan(51);
  });

  it("stays bounded and knows nothing when it is empty", () => {
    const sketch = newQuantileSketch(HOUR_MS);
    expect(quantileOf(sketch, 0.5)).toBeNaN();
    for (let power = -9; power < 30; power += 0.05) addToSketch(sketch, 10 ** power, 0);
    expect(sketch.weights.length).toBeLessThanOrEqual(1024);
    expect(Math.abs(quantileOf(sketch, 0.9) / 10 ** (-9 + 39 * 0.9) - 1)).toBeLessThan(0.2);
  });

  it("refuses sketches of different half-lives", () => {
    expect(() => mergeSketches(newQuantileSketch(1), newQuantileSketch(2))).toThrow("half-lives");
  });
});
