import { hash32 } from "../model/seeded-random.ts";

/** Independent draws one attempt may need. */
const salts = { flaky: 1, serverError: 2, cacheHit: 3, prefill: 4, token: 6, hang: 8 } as const;

/** The luck of one attempt at one provider; the same whatever happened before. */
export type Noise = {
  /** Uniform in [0, 1). */
  readonly chance: (purpose: "flaky" | "serverError" | "cacheHit" | "hang") => number;
  /** Standard normal. */
  readonly normal: (purpose: "prefill" | "token") => number;
};

/** The finaliser of MurmurHash3 (Austin Appleby, public domain). */
const mix = (value: number): number => {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

const chain = (hash: number, next: number): number =>
  mix((Math.imul(hash, 0x9e3779b1) + next + 0x7f4a7c15) | 0);

/** Depends on seed, request, provider and attempt alone, so all policies meet the same luck. */
export const noiseOf = (options: {
  readonly seed: number;
  readonly requestId: string;
  readonly providerId: string;
  readonly attempt: number;
}): Noise => {
  const base = [hash32(options.requestId), hash32(options.providerId), options.attempt].reduce(
    chain,
    mix(options.seed),
  );
  const uniform = (salt: number): number => chain(base, salt) / 2 ** 32;
  return {
    chance: (purpose) => uniform(salts[purpose]),
    // Box–Muller; 1 - u is never 0.
    normal: (purpose) =>
      Math.sqrt(-2 * Math.log(1 - uniform(salts[purpose]))) *
      Math.cos(2 * Math.PI * uniform(salts[purpose] + 1)),
  };
};
