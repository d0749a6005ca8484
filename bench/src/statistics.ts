/** Middle and range of a few measurements. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/** Throws a `RangeError` if there are no values. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (low === undefined || high === undefined || min === undefined || max === undefined)
    throw new RangeError("a spread needs at least one value");
  return { median: (low + high) / 2, min, max };
};

/**
 * Spread of `values[i] / reference[i]`. Pairs come from the same round, so that what slows the
 * machine for a while slows both sides of a ratio.
 */
export const pairedRatios = (values: readonly number[], reference: readonly number[]): Spread =>
  spreadOf(values.map((value, round) => value / (reference[round] ?? Number.NaN)));

/** Three significant digits, whole numbers from 100 on. */
export const figure = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** `1.62 (1.58–1.70)` */
export const spreadText = ({ median, min, max }: Spread): string =>
  `${figure(median)} (${figure(min)}–${figure(max)})`;
