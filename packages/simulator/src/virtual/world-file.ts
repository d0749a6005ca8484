import { z } from "zod";

const dollars = z.number().min(0);
const odds = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

const prices = {
  in: dollars,
  out: dollars,
  cache_read: dollars.nullable().default(null),
  cache_write: dollars.nullable().default(null),
  cache_write_1h: dollars.nullable().default(null),
};

const cacheRules = {
  min_tokens: z.int().min(0),
  block: z.int().min(1),
  ttl_s: z.number().min(0).nullable().default(null),
  ttl_1h: z.boolean().default(false),
};

const limit = z.number().positive().nullable().default(null);

const share = z.tuple([odds, odds]);

const errorWindow = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("down"), at: share, after_ms: milliseconds.default(0) }),
  z.object({ kind: z.literal("hang"), at: share, p: odds.default(1) }),
  z.object({
    kind: z.literal("flaky"),
    at: share,
    p: odds,
    after_ms: milliseconds.default(0),
  }),
  z.object({ kind: z.literal("slow"), at: share, factor: z.number().positive() }),
]);

const background = z.object({
  mean: z.number(),
  amp: z.number(),
  period_s: z.number().positive(),
  phase: z.number(),
});

const truth = z.object({
  hit_prob: odds,
  ttl_s: z.number().min(0),
  latency: z.object({
    net_ms: milliseconds,
    a_ms: milliseconds,
    b_ms_per_1k: milliseconds,
    tpot_ms: milliseconds,
    sigma: z.number().min(0).default(0),
    slots: z.int().min(1).nullable().default(null),
    max_wait_ms: milliseconds.nullable().default(null),
    bg: background.nullable().default(null),
  }),
  errors: z.object({ p500: odds.default(0), windows: z.array(errorWindow).default([]) }),
});

const provider = z.object({
  id: z.string().min(1),
  context: z.int().min(1),
  price: z.object(prices),
  tiers: z.array(z.object({ above_in: z.int().min(0), ...prices })).default([]),
  cache: z.discriminatedUnion("mode", [
    z.object({ mode: z.literal("none") }),
    z.object({ mode: z.literal("auto"), ...cacheRules }),
    z.object({ mode: z.literal("explicit"), ...cacheRules }),
  ]),
  limits: z.object({ rpm: limit, tpm: limit }).default({ rpm: null, tpm: null }),
  true: truth,
});

const worldFile = z.object({
  format: z.literal("replay-world/1"),
  name: z.string(),
  model: z.string(),
  seed: z.int(),
  usd_per_s: dollars,
  slo: z.object({ ttft_ms: milliseconds, ttft_ms_per_1k_in: milliseconds }),
  max_attempts: z.int().min(1).default(4),
  providers: z
    .array(provider)
    .min(1)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
      message: "two providers have the same id",
    }),
});

/** A provider without what only the simulation knows, as `hello` of the replay protocol lists it. */
export const listedProviderSchema = provider.omit({ true: true });

/** A world as its file tells it: field names and units are the file's own. */
export type ReplayWorld = z.output<typeof worldFile>;

/** One provider of a world, what is hidden from policies included. */
export type WorldProvider = ReplayWorld["providers"][number];

/** One provider as a policy may know it. */
export type ListedProvider = z.output<typeof listedProviderSchema>;

/** A stretch of the trace in which a provider misbehaves. */
export type ErrorWindow = WorldProvider["true"]["errors"]["windows"][number];

/**
 * Checks the content of a world file.
 *
 * @throws RangeError that names every field at fault.
 */
export const parseWorld = (content: unknown): ReplayWorld => {
  const parsed = worldFile.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new RangeError(`not a world file: ${z.prettifyError(parsed.error)}`);
};

/** A provider without what only the simulation knows. */
export const listedProvider = ({ true: _hidden, ...listed }: WorldProvider): ListedProvider =>
  listed;
