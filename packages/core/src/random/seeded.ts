const mix = (value: number): number => {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
};

/**
 * A number in [0, 1) that depends on the seed and the salt alone (the finaliser of splitmix32, applied
 * to both in turn). Core has no other randomness.
 */
export const uniform = (seed: number, salt: number): number => {
  // Seeds above 2^32 keep their high part: both halves go into the hash.
  const high = Math.trunc(seed / 0x1_0000_0000) | 0;
  return mix((mix((mix(seed | 0) ^ high) | 0) ^ salt) | 0) / 0x1_0000_0000;
};
