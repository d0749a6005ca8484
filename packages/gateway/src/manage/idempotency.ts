import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@pointsman/engine";
import type { IdempotencyStore } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import type { Principal } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { newClaimId } from "../ids/ids.ts";

const wellFormed = /^[A-Za-z0-9_-]{1,255}$/u;
const keptMs = 24 * 60 * 60_000;
/** Longest that a management call takes, ms: then its process is gone. */
const managementLeaseMs = 60_000;

/** A request under way that has an idempotency key (docs/contract.md §29). */
export type Claim = { readonly scope: string; readonly key: string; readonly owner: string };

declare module "fastify" {
  interface FastifyRequest {
    /** What its idempotency key claimed; `null` = it has none. */
    claim: Claim | null;
  }
}

type Claimed =
  | { readonly status: "begun"; readonly claim: Claim }
  | { readonly status: "finished"; readonly answer: string | null }
  | { readonly status: "refused"; readonly error: GatewayError };

const refused = (error: GatewayError): Claimed => ({ status: "refused", error });

/** Claims a request's idempotency key; `null` = it has none. */
export const claimKey = async (
  store: IdempotencyStore,
  request: FastifyRequest,
  at: { readonly principal: Principal; readonly nowMs: number; readonly leaseMs: number },
): Promise<Claimed | null> => {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || !wellFormed.test(key)) {
    return refused({
      code: "invalid_parameter_value",
      message: "Idempotency-Key is 1 to 255 letters, digits, '-' and '_'.",
      param: "Idempotency-Key",
    });
  }
  const path = request.url.split("?", 1)[0] ?? request.url;
  const claim = {
    scope: `${at.principal.keyId} ${request.method} ${path}`,
    key,
    owner: newClaimId(),
  };
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const outcome = await store.begin({
    ...claim,
    fingerprint: createHash("sha256").update(body).digest("hex"),
    nowMs: at.nowMs,
    leaseEndsAtMs: at.nowMs + at.leaseMs,
    keptUntilMs: at.nowMs + keptMs,
  });
  switch (outcome.status) {
    case "begun":
      return { status: "begun", claim };
    case "finished":
      return outcome;
    case "running":
      return refused({
        code: "idempotency_conflict",
        message: "A request with this Idempotency-Key is running; ask again in a second.",
        param: null,
        retryAfterSeconds: 1,
      });
    case "mismatch":
      return refused({
        code: "idempotency_conflict",
        message: "This Idempotency-Key was used for another body; take a fresh one.",
        param: null,
        retryable: false,
      });
  }
};

type Kept = { readonly status: number; readonly body: string };

/** Gives routes with `idempotent: true` their answer again where a key repeats. */
export const addIdempotency = (
  app: FastifyInstance,
  {
    store,
    clock,
    docsBaseUrl,
  }: {
    readonly store: IdempotencyStore;
    readonly clock: Clock;
    readonly docsBaseUrl: () => string;
  },
): void => {
  app.decorateRequest("claim", null);

  const begin = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { principal } = request;
    if (principal === null) throw new TypeError("a management call has a key");
    const at = { principal, nowMs: clock.nowMs(), leaseMs: managementLeaseMs };
    const claimed = await claimKey(store, request, at);
    if (claimed === null) return undefined;
    if (claimed.status === "begun") {
      request.claim = claimed.claim;
      return undefined;
    }
    if (claimed.status === "refused") {
      sendError(reply, claimed.error, docsBaseUrl);
      return reply;
    }
    // Kept by `finish` below.
    const kept = JSON.parse(claimed.answer ?? "null") as Kept;
    return reply
      .code(kept.status)
      .header("idempotent-replayed", "true")
      .header("content-type", "application/json; charset=utf-8")
      .send(kept.body);
  };

  const finish = async (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<void> => {
    const { claim } = request;
    if (claim === null) return;
    request.claim = null;
    // What failed may be tried again under the same key.
    if (reply.statusCode >= 400 || typeof payload !== "string") {
      await store.release(claim);
      return;
    }
    const kept: Kept = { status: reply.statusCode, body: payload };
    await store.finish({ ...claim, answer: JSON.stringify(kept) });
  };

  app.addHook("onRoute", (route) => {
    if (route.config?.idempotent !== true) return;
    route.preHandler = begin;
    route.onSend = finish;
  });
};
