/** Pico-USD in a micro-USD. */
export const picoPerMicro = 1_000_000n;

/** Whole micro-USD of an amount, as pico-USD. */
export const picoOfUsd = (usd: number): bigint => BigInt(Math.round(usd * 1e6)) * picoPerMicro;

/** USD as JSON has it: to the pico-USD up to some 9,000 USD, then to 16 digits. */
export const usdOfPico = (pico: bigint): number => Number(pico) / 1e12;

/** USD with six places, rounded towards zero; what headers show. */
export const usdText = (pico: bigint): string => {
  const micro = pico / picoPerMicro;
  const digits = (micro < 0n ? -micro : micro).toString().padStart(7, "0");
  return `${micro < 0n ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
};
