import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@pointsman/engine";
import type { SharedState } from "@pointsman/store";
import { sendError } from "../http/create-server.ts";

/** Management calls of a key, a minute (docs/contract.md §23). */
export const managementRpm = { reads: 600, writes: 60 } as const;

/** Counts a call against its key's limit; `false` = it is answered already. */
export const isWithinRate = async (
  kind: keyof typeof managementRpm,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    shared,
    clock,
    docsBaseUrl,
  }: {
    readonly shared: SharedState;
    readonly clock: Clock;
    readonly docsBaseUrl: () => string;
  },
): Promise<boolean> => {
  const rpm = managementRpm[kind];
  const bucket = `${kind}/${request.principal?.keyId ?? ""}`;
  const taken = await shared.takeToken(bucket, { capacity: rpm, perMinute: rpm }, clock.nowMs());
  if (taken.allowed) return true;
  const seconds = Math.max(1, Math.ceil(taken.retryAfterMs / 1000));
  const message = `A key may make ${rpm} management ${kind} a minute; try again in ${seconds} s.`;
  const code = "rate_limit_exceeded";
  sendError(reply, { code, message, param: null, retryAfterSeconds: seconds }, docsBaseUrl);
  return false;
};
