/** Entries of one bucket; a hash is looked for in one bucket only. */
const BUCKET = 8;
/** Places at which one prefix is remembered to be warm. */
export const WAYS = 3;
const FIRST_ENTRIES = 64;

/**
 * Prefixes seen lately, and where they are believed warm: one table of bounded size for all offerings, a
 * set-associative cache with least-recently-seen replacement. Flat columns; mutated by the functions
 * of this file only.
 */
export type PrefixIndex = {
  /** Most entries it may grow to. */
  readonly limit: number;
  size: number;
  /** Hash of the prefix; `NaN` = free. */
  hashes: Float64Array;
  tokens: Float64Array;
  firstSeenMs: Float64Array;
  seenMs: Float64Array;
  /** Requests whose prompt began with it. */
  count: Float64Array;
  /** Number of the turn that ended exactly here, -1 = none. */
  turn: Float64Array;
  /** `WAYS` places an entry: slot × 2 + 1 for a one-hour entry, -1 = free. */
  places: Int32Array;
  /** Last use at that place, Unix ms. */
  usedMs: Float64Array;
};

export const newPrefixIndex = (limit: number): PrefixIndex => ({
  limit: Math.max(FIRST_ENTRIES, 2 ** Math.ceil(Math.log2(limit))),
  size: 0,
  hashes: new Float64Array(0),
  tokens: new Float64Array(0),
  firstSeenMs: new Float64Array(0),
  seenMs: new Float64Array(0),
  count: new Float64Array(0),
  turn: new Float64Array(0),
  places: new Int32Array(0),
  usedMs: new Float64Array(0),
});

const bucketOf = (hash: number, entries: number): number => {
  const low = hash | 0;
  // Both halves count: hashes may have up to 53 bits.
  const whole = low === hash ? low : low ^ ((hash / 0x1_0000_0000) | 0);
  let mixed = Math.imul(whole, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) & (entries / BUCKET - 1)) * BUCKET;
};

/** The entry of a hash, or -1. */
export const findPrefix = (index: PrefixIndex, hash: number): number => {
  const { hashes } = index;
  if (hashes.length === 0) return -1;
  const start = bucketOf(hash, hashes.length);
  for (let entry = start; entry < start + BUCKET; entry += 1) {
    if (hashes[entry] === hash) return entry;
  }
  return -1;
};

/** Columns of one number an entry. */
export const prefixColumns = [
  "hashes",
  "tokens",
  "firstSeenMs",
  "seenMs",
  "count",
  "turn",
] as const;

const copyEntry = (from: PrefixIndex, source: number, to: PrefixIndex, target: number): void => {
  for (const name of prefixColumns) to[name][target] = from[name][source] ?? 0;
  const ways = [source * WAYS, source * WAYS + WAYS] as const;
  to.places.set(from.places.subarray(...ways), target * WAYS);
  to.usedMs.set(from.usedMs.subarray(...ways), target * WAYS);
};

export const allocateEntries = (index: PrefixIndex, entries: number): void => {
  index.hashes = new Float64Array(entries).fill(Number.NaN);
  index.tokens = new Float64Array(entries);
  index.firstSeenMs = new Float64Array(entries);
  index.seenMs = new Float64Array(entries);
  index.count = new Float64Array(entries);
  index.turn = new Float64Array(entries).fill(-1);
  index.places = new Int32Array(entries * WAYS).fill(-1);
  index.usedMs = new Float64Array(entries * WAYS);
};

/** A free entry of the bucket, or its least recently seen one. */
const victimOf = (index: PrefixIndex, start: number): number => {
  let victim = start;
  for (let entry = start; entry < start + BUCKET; entry += 1) {
    if (Number.isNaN(index.hashes[entry])) return entry;
    if ((index.seenMs[entry] ?? 0) < (index.seenMs[victim] ?? 0)) victim = entry;
  }
  return victim;
};

const grow = (index: PrefixIndex): void => {
  const old = { ...index };
  allocateEntries(index, Math.max(FIRST_ENTRIES, old.hashes.length * 2));
  index.size = 0;
  for (const [entry, hash] of old.hashes.entries()) {
    if (Number.isNaN(hash)) continue;
    const target = victimOf(index, bucketOf(hash, index.hashes.length));
    if (Number.isNaN(index.hashes[target])) index.size += 1;
    copyEntry(old, entry, index, target);
  }
};

/** The entry of a hash, made if need be. */
export const enterPrefix = (
  index: PrefixIndex,
  hash: number,
  at: { readonly tokens: number; readonly nowMs: number },
): number => {
  const known = findPrefix(index, hash);
  if (known >= 0) return known;
  let entry = -1;
  while (entry < 0) {
    const entries = index.hashes.length;
    if (entries > 0) {
      const victim = victimOf(index, bucketOf(hash, entries));
      if (Number.isNaN(index.hashes[victim]) || entries >= index.limit) entry = victim;
    }
    if (entry < 0) grow(index);
  }
  if (Number.isNaN(index.hashes[entry])) index.size += 1;
  index.hashes[entry] = hash;
  index.tokens[entry] = at.tokens;
  index.firstSeenMs[entry] = at.nowMs;
  index.seenMs[entry] = at.nowMs;
  index.count[entry] = 0;
  index.turn[entry] = -1;
  index.places.fill(-1, entry * WAYS, entry * WAYS + WAYS);
  index.usedMs.fill(0, entry * WAYS, entry * WAYS + WAYS);
  return entry;
};

/** Notes that the prefix was used at a place; the place used longest ago gives way. */
export const warmPrefix = (
  index: PrefixIndex,
  entry: number,
  use: { readonly place: number; readonly usedMs: number },
): void => {
  const { places, usedMs } = index;
  const start = entry * WAYS;
  let way = start;
  for (let other = start; other < start + WAYS; other += 1) {
    // A one-hour entry and a short one of the same slot are one place: the later use counts.
    if ((places[other] ?? -1) >> 1 === use.place >> 1) {
      way = other;
      break;
    }
    if (places[other] === -1) {
      way = other;
      break;
    }
    if ((usedMs[other] ?? 0) < (usedMs[way] ?? 0)) way = other;
  }
  const renews = (places[way] ?? -1) >> 1 === use.place >> 1;
  places[way] = renews ? (places[way] ?? -1) | (use.place & 1) : use.place;
  usedMs[way] = renews ? Math.max(usedMs[way] ?? 0, use.usedMs) : use.usedMs;
};

/** Gives every place its new number; -1 forgets it. */
export const renumberPlaces = (index: PrefixIndex, slotOf: (slot: number) => number): void => {
  const { places, usedMs } = index;
  for (let start = 0; start < places.length; start += WAYS) {
    // Those that stay move up: behind a free way nothing is looked for.
    let kept = start;
    for (let way = start; way < start + WAYS; way += 1) {
      const place = places[way] ?? -1;
      const slot = place < 0 ? -1 : slotOf(place >> 1);
      if (slot < 0) continue;
      places[kept] = slot * 2 + (place & 1);
      usedMs[kept] = usedMs[way] ?? 0;
      kept += 1;
    }
    places.fill(-1, kept, start + WAYS);
    usedMs.fill(0, kept, start + WAYS);
  }
};
