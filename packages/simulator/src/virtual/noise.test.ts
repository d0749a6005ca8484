import { expect, it } from "vitest";
import { noiseOf } from "./noise.ts";

const draws = Array.from({ length: 4000 }, (_, index) =>
  noiseOf({ seed: 7, requestId: `r${index}`, providerId: "p", attempt: 1 }),
);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

it("is uniform and normal, and independent between purposes", () => {
  const chances = draws.map((noise) => noise.chance("cacheHit"));
  const prefills = draws.map((noise) => noise.normal("prefill"));
  const tokens = draws.map((noise) => noise.normal("token"));
  // Bounds of about four standard errors of 4,000 draws.
  expect(Math.abs(mean(chances) - 0.5)).toBeLessThan(0.02);
  expect(Math.abs(mean(prefills))).toBeLessThan(0.07);
  expect(Math.abs(mean(prefills.map((z) => z * z)) - 1)).toBeLessThan(0.1);
  expect(Math.abs(mean(prefills.map((z, index) => z * (tokens[index] ?? 0))))).toBeLessThan(0.07);
});
