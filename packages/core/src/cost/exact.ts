/**
 * A sum of pico-USD that a number holds exactly.
 *
 * @throws RangeError past 2^53 - 1
 */
export const exactPicoUsd = (picoUsd: number): number => {
  if (picoUsd <= Number.MAX_SAFE_INTEGER) return picoUsd;
  throw new RangeError(`${picoUsd} pico-USD is more than a number holds exactly`);
};
