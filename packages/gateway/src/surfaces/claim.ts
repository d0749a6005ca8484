import type { FastifyRequest } from "fastify";
import type { GatewayError } from "@pointsman/translate";
import { claimKey } from "../manage/idempotency.ts";
import type { SurfaceRouteOptions } from "./surface-options.ts";

/** How the claim of an idempotency key ends: no answer is kept (docs/contract.md §29). */
export type ClaimEnd = { readonly finish: () => void; readonly release: () => void };

/** Longest that an answer takes, ms: then its process is gone. */
const answerLeaseMs = 60 * 60_000;

/** What the request's idempotency key claims; `null` = it has none. */
export const claimOf = async (
  request: FastifyRequest,
  { engine, money, logger }: SurfaceRouteOptions,
): Promise<ClaimEnd | { readonly error: GatewayError } | null> => {
  const { principal } = request;
  if (principal === null) throw new TypeError("an inference request has a key");
  const store = money.stores.idempotency;
  const at = { principal, nowMs: engine.clock.nowMs(), leaseMs: answerLeaseMs };
  const claimed = await claimKey(store, request, at);
  if (claimed === null) return null;
  if (claimed.status === "refused") return { error: claimed.error };
  if (claimed.status === "finished") {
    const message = "This Idempotency-Key was used, and answers are not kept; take a fresh one.";
    return { error: { code: "idempotency_replay_unavailable", message, param: null } };
  }
  const { claim } = claimed;
  const lost = (error: unknown): void => {
    logger.error({ requestId: request.id, err: error }, "an idempotency key could not be noted");
  };
  return {
    finish: () => {
      store.finish({ ...claim, answer: null }).catch(lost);
    },
    release: () => {
      store.release(claim).catch(lost);
    },
  };
};
