import { z } from "zod";

const strategies = [
  "cost",
  "cost-focus",
  "ttft",
  "ttft-focus",
  "tps",
  "tps-focus",
  "balanced",
] as const;

const weight = z.exactOptional(z.number().min(0));
const percentile = z.exactOptional(z.enum(["p50", "p95"]));
const flag = z.exactOptional(z.boolean());
const positive = z.exactOptional(z.number().positive());
const milliseconds = z.exactOptional(z.int().positive());

const weightsSchema = z
  .strictObject({ cost: weight, ttft: weight, throughput: weight })
  .refine((weights) => Object.values(weights).some((value) => value > 0), {
    error: "At least one weight must be greater than 0.",
  });

/** `gateway.routing`: exactly these 20 fields (docs/contract.md §4). */
export const routingOptionsSchema = z
  .strictObject({
    optimize: z.exactOptional(z.enum(strategies)),
    weights: z.exactOptional(weightsSchema),
    ttft_percentile: percentile,
    throughput_percentile: percentile,
    max_cost_per_1m: positive,
    max_ttft_ms: milliseconds,
    min_throughput_tps: positive,
    providers: z.exactOptional(z.array(z.string())),
    exclude_providers: z.exactOptional(z.array(z.string())),
    prefer: z.exactOptional(z.string()),
    mode: z.exactOptional(z.enum(["pool", "fallback"])),
    allow_fallbacks: flag,
    max_fallback_attempts: z.exactOptional(z.int().min(1).max(19)),
    timeout_ms: milliseconds,
    deadline_ms: milliseconds,
    data_policy: z.exactOptional(z.enum(["none", "no_training", "zdr"])),
    only_byok: flag,
    only_platform: flag,
    require_parameters: flag,
    tier: z.exactOptional(z.string().min(1)),
  })
  .refine(({ only_byok, only_platform }) => !(only_byok === true && only_platform === true), {
    path: ["only_platform"],
    error: "only_byok and only_platform exclude each other.",
  })
  .refine(
    ({ timeout_ms, deadline_ms }) =>
      timeout_ms === undefined || deadline_ms === undefined || deadline_ms >= timeout_ms,
    { path: ["deadline_ms"], error: "deadline_ms must not be less than timeout_ms." },
  );

const maximumEntries = 50;

const metadataSchema = z.strictObject({
  tags: z.exactOptional(z.array(z.string()).max(maximumEntries)),
  user_id: z.exactOptional(z.string()),
  trace_id: z.exactOptional(z.string()),
  custom_fields: z.exactOptional(
    z
      .record(z.string(), z.string())
      .refine((fields) => Object.keys(fields).length <= maximumEntries, {
        error: `At most ${maximumEntries} entries.`,
      }),
  ),
});

/** `gateway`, the same on all inference surfaces. */
export const gatewayOptionsSchema = z.strictObject({
  routing: z.exactOptional(routingOptionsSchema),
  metadata: z.exactOptional(metadataSchema),
  models: z.exactOptional(z.array(z.string().min(1)).min(1).max(10)),
  explain: flag,
});

type ReadonlyLists<T> = {
  readonly [K in keyof T]: NonNullable<T[K]> extends string[] ? readonly string[] : T[K];
};

export type RoutingOptions = ReadonlyLists<z.output<typeof routingOptionsSchema>>;
export type GatewayOptions = z.output<typeof gatewayOptionsSchema>;

/** Keys of each strict object by its path, for "did you mean". */
export const gatewayKeys: Readonly<Record<string, readonly string[]>> = {
  gateway: Object.keys(gatewayOptionsSchema.shape),
  "gateway.routing": Object.keys(routingOptionsSchema.shape),
  "gateway.routing.weights": Object.keys(weightsSchema.shape),
  "gateway.metadata": Object.keys(metadataSchema.shape),
};
