/**
 * USD per million tokens -> pico-USD per token: 1 USD / 10^6 tokens = 10^12 pUSD / 10^6 tokens.
 *
 * @throws RangeError if the result is no whole number >= 0 (within floating-point error): such a
 *   price cannot be billed exactly
 */
export const picoUsdPerToken = (usdPerMtok: number): number => toWhole(usdPerMtok, 1e6);

/**
 * USD per thousand pieces (searches, requests) -> pico-USD per piece.
 *
 * @throws RangeError as `picoUsdPerToken`
 */
export const picoUsdPerPiece = (usdPerThousand: number): number => toWhole(usdPerThousand, 1e9);

const toWhole = (usd: number, factor: number): number => {
  const exact = usd * factor;
  const whole = Math.round(exact);
  if (
    !(whole >= 0) ||
    Math.abs(exact - whole) > 1e-6 * Math.max(1, whole) ||
    !Number.isSafeInteger(whole)
  ) {
    throw new RangeError(`price ${usd} is no whole number of pico-dollars`);
  }
  return whole;
};

/** Pico-USD per token -> USD per million tokens. */
export const usdPerMtok = (picoUsd: number): number => picoUsd / 1e6;
