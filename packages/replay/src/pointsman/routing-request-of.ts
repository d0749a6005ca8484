import type { Credential, RoutingRequest } from "@pointsman/core";
import type { Hello, RequestMessage } from "../protocol/messages.ts";

/** Text of a token, for what core learns from bytes; traces count tokens only. */
export const BYTES_PER_TOKEN = 4;

/** The one workspace a replay has. */
export const WORKSPACE = "replay";

/** A request of a trace as core wants it. */
export const routingRequestOf = (
  message: RequestMessage,
  { goal, world }: Hello,
  credentials: readonly Credential[],
): RoutingRequest => ({
  workspace: WORKSPACE,
  models: [world.model],
  mode: "pool",
  needs: { endpoint: "chat_completions", capabilities: ["streaming"], parameters: [] },
  credentials,
  prompt: { bytes: message.in_tokens * BYTES_PER_TOKEN, tokens: message.in_tokens },
  // An id already names everything before it, so it serves as the hash; a block that is not full yet
  // is part of no later prompt.
  prefix: message.blocks.flatMap((block, index) => {
    const tokens = (index + 1) * world.block_tokens;
    return tokens <= message.in_tokens ? [{ hash: block, tokens }] : [];
  }),
  ...(message.session === undefined ? {} : { session: message.session }),
  stream: true,
  strategy: goal,
  ttftPercentile: "p50",
  throughputPercentile: "p50",
  constraints: {},
  maxFallbackAttempts: world.max_attempts - 1,
  slo: { ttftMs: world.slo.ttft_ms, ttftMsPer1kIn: world.slo.ttft_ms_per_1k_in },
  ...(goal === "balanced" ? { valueOfTimeUsdPerSecond: world.usd_per_s } : {}),
});
