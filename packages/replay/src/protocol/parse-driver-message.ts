import { listedProviderSchema } from "@pointsman/simulator";
import { z } from "zod";
import { goals } from "./messages.ts";
import type { DriverMessage } from "./messages.ts";

/** Errors a later version may add are failures of the provider. */
const error = z
  .enum([
    "rate_limited",
    "overloaded",
    "unavailable",
    "server_error",
    "timeout",
    "context_length",
    "unknown_provider",
  ])
  .catch("server_error");

const world = z.object({
  name: z.string(),
  model: z.string(),
  block_tokens: z.int().min(1).default(512),
  max_attempts: z.int().min(1).default(4),
  usd_per_s: z.number().min(0),
  slo: z.object({ ttft_ms: z.number(), ttft_ms_per_1k_in: z.number() }),
  providers: z.array(listedProviderSchema).min(1),
});

const usage = z.object({
  in: z.number(),
  cached: z.number().default(0),
  write: z.number().default(0),
  write_1h: z.number().default(0),
  out: z.number().default(0),
});

const eventFields = {
  type: z.literal("event"),
  id: z.string(),
  attempt: z.int(),
  provider: z.string(),
  t_ms: z.number(),
};

const event = z.discriminatedUnion("event", [
  z.object({ ...eventFields, event: z.literal("first_token"), ttft_ms: z.number() }),
  z.object({
    ...eventFields,
    event: z.literal("done"),
    ttft_ms: z.number(),
    total_ms: z.number(),
    usage,
    cost_usd: z.number(),
  }),
  z.object({
    ...eventFields,
    event: z.literal("error"),
    error,
    retry_after_ms: z.number().exactOptional(),
    usage: usage.default({ in: 0, cached: 0, write: 0, write_1h: 0, out: 0 }),
    cost_usd: z.number().default(0),
  }),
]);

const driverMessage = z.union([
  z.object({
    type: z.literal("request"),
    id: z.string(),
    t_ms: z.number(),
    model: z.string().default("m"),
    session: z.string().exactOptional(),
    in_tokens: z.number().min(0),
    blocks: z.array(z.number()).default([]),
  }),
  event,
  z.object({
    type: z.literal("retry"),
    id: z.string(),
    t_ms: z.number(),
    attempt: z.int(),
    provider: z.string(),
    error,
    retry_after_ms: z.number().exactOptional(),
  }),
  z.object({ type: z.literal("hello"), version: z.literal(1), goal: z.enum(goals), world }),
  z.object({ type: z.literal("end") }),
]) satisfies z.ZodType<DriverMessage>;

/** What a line of the driver was: a message, something to pass over, or something wrong. */
export type DriverLine =
  | { readonly type: "message"; readonly message: DriverMessage }
  | { readonly type: "ignored" }
  | {
      readonly type: "broken";
      readonly reason: string;
      /** The request that waits for an answer to this line; `null` = none does, as far as can be told. */
      readonly askedFor: string | null;
    };

const knownTypes: ReadonlySet<unknown> = new Set(["hello", "request", "retry", "event", "end"]);

/** Reads one line of the driver. Lines that are no objects and messages of unknown type are passed over. */
export const parseDriverMessage = (line: string): DriverLine => {
  if (!line.startsWith("{")) return { type: "ignored" };
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    return { type: "broken", reason: "not JSON", askedFor: null };
  }
  // `null` says the same as an absent field.
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(Object(content)).filter(([, value]) => value !== null),
  );
  if (!knownTypes.has(fields["type"])) return { type: "ignored" };
  const parsed = driverMessage.safeParse(fields);
  if (parsed.success) return { type: "message", message: parsed.data };
  const { type, id } = fields;
  const isQuestion = type === "request" || type === "retry";
  return {
    type: "broken",
    reason: z.prettifyError(parsed.error),
    askedFor: isQuestion && typeof id === "string" ? id : null,
  };
};
