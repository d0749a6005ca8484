/** A whole number below 2^32 from a seed and an id (FNV-1a over UTF-16 code units). */
export const seedOf = (seed: number, id: string): number => {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
};
