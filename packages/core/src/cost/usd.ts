/** Pico-USD in one USD. */
export const PICO_PER_USD = 1e12;

/** Pico-USD per token in one USD per million tokens. */
const PICO_PER_TOKEN_IN_USD_PER_MTOK = 1e6;

/**
 * Pico-USD as USD. The quotient of two exact integers is the double nearest to the true value, so
 * its shortest decimal is the amount itself, with at most 12 decimals.
 */
export const usdFromPico = (picoUsd: number): number => Math.round(picoUsd) / PICO_PER_USD;

/** Pico-USD per token as USD per million tokens, the unit of price lists. */
export const usdPerMtokFromPico = (picoUsdPerToken: number): number =>
  picoUsdPerToken / PICO_PER_TOKEN_IN_USD_PER_MTOK;

/**
 * A listed price in USD per million tokens as whole pico-USD per token.
 *
 * @throws RangeError if the price is negative, not finite, or finer than a pico-USD per token.
 */
export const picoPerTokenFromUsdPerMtok = (usdPerMtok: number): number => {
  const rounded = Math.round(usdPerMtok * PICO_PER_TOKEN_IN_USD_PER_MTOK);
  // Compared as the decimal it was written as: the product of large prices is off by some ulps.
  const isWhole =
    Math.abs(usdPerMtok - rounded / PICO_PER_TOKEN_IN_USD_PER_MTOK) <
    1e-12 * Math.max(1, usdPerMtok);
  if (!Number.isSafeInteger(rounded) || usdPerMtok < 0 || !isWhole) {
    throw new RangeError(
      `a price must be a whole number of pico-USD per token, >= 0: ${usdPerMtok} USD per million tokens`,
    );
  }
  return rounded;
};
