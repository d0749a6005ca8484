import type { SharedState } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import type { Principal } from "../auth/key-ring.ts";

/** A request counted against its key's limit, with the headers that tell of it, names and values in turn. */
export type Rate = { readonly headers: readonly string[]; readonly error: GatewayError | null };

/** What a key without a limit is told. */
export const unlimited: Rate = { headers: [], error: null };

/** Takes one of the key's requests a minute (docs/contract.md §23). */
export const takeRate = async (
  shared: SharedState,
  { keyId, rateLimitRpm }: Principal,
  nowMs: number,
): Promise<Rate> => {
  if (rateLimitRpm === null) return unlimited;
  const rule = { capacity: rateLimitRpm, perMinute: rateLimitRpm };
  const taken = await shared.takeToken(`requests/${keyId}`, rule, nowMs);
  const headers = [
    "x-ratelimit-limit-requests",
    String(rateLimitRpm),
    "x-ratelimit-remaining-requests",
    String(taken.remaining),
    "x-ratelimit-reset-requests",
    new Date(nowMs + taken.fullAfterMs).toISOString(),
  ];
  if (taken.allowed) return { headers, error: null };
  const seconds = Math.max(1, Math.ceil(taken.retryAfterMs / 1000));
  return {
    headers,
    error: {
      code: "rate_limit_exceeded",
      message: `The key may make ${rateLimitRpm} requests a minute; try again in ${seconds} s.`,
      param: null,
      retryAfterSeconds: seconds,
      rateLimitSource: "gateway",
    },
  };
};
