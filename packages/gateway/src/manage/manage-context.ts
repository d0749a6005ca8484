import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { hasScope } from "../auth/key-ring.ts";
import type { Principal } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";

/** What management works with. */
export type ManageOptions = {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly docsBaseUrl: () => string;
  /** Names of the workspaces, by id. */
  readonly workspaces: ReadonlyMap<string, { readonly name: string }>;
  /** Workspaces that have budgets; grows as they are made. */
  readonly limited: Set<string>;
  /** Whether what requests use is written to the ledger. */
  readonly recordsUsage: boolean;
  /** Unix ms at which the gateway was made: the age of what its configuration holds. */
  readonly startedAtMs: number;
};

/** A management call by whom it may concern. */
export type Managed = { readonly principal: Principal; readonly workspaceId: string };

/** Management calls of a key, a minute (docs/contract.md §23). */
export const managementRpm = { reads: 600, writes: 60 } as const;

const notFound: GatewayError = {
  code: "resource_not_found",
  message: "There is no such thing, or it is another workspace's.",
  param: null,
};

export const sendNotFound = (reply: FastifyReply, { docsBaseUrl }: ManageOptions): void => {
  sendError(reply, notFound, docsBaseUrl);
};

/** Counts a call against its key's limit; `false` = it is answered already. */
const isWithinRate = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { stores, clock, docsBaseUrl }: ManageOptions,
): Promise<boolean> => {
  const kind = request.method === "GET" ? "reads" : "writes";
  const rpm = managementRpm[kind];
  const bucket = `${kind}/${request.principal?.keyId ?? ""}`;
  const rule = { capacity: rpm, perMinute: rpm };
  const taken = await stores.shared.takeToken(bucket, rule, clock.nowMs());
  if (taken.allowed) return true;
  const seconds = Math.max(1, Math.ceil(taken.retryAfterMs / 1000));
  const message = `A key may make ${rpm} management ${kind} a minute; try again in ${seconds} s.`;
  const code = "rate_limit_exceeded";
  sendError(reply, { code, message, param: null, retryAfterSeconds: seconds }, docsBaseUrl);
  return false;
};

/**
 * Runs a management call in the workspace its path names. Another workspace's, and one that is not
 * there, are told alike; `admin` reaches all.
 */
export const inWorkspace =
  (
    options: ManageOptions,
    call: (managed: Managed, request: FastifyRequest, reply: FastifyReply) => Promise<void>,
  ) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { principal } = request;
    if (principal === null) throw new TypeError("a management call has a key");
    const { workspace: workspaceId = principal.workspace } = request.params as {
      workspace?: string;
    };
    if (!(await isWithinRate(request, reply, options))) return reply;
    const isOwn = principal.workspace === workspaceId || hasScope(principal, "admin");
    if (!isOwn || !options.workspaces.has(workspaceId)) sendNotFound(reply, options);
    else await call({ principal, workspaceId }, request, reply);
    return reply;
  };
