import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "@pointsman/engine";
import type { Stores } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { hasScope } from "../auth/key-ring.ts";
import type { Principal } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import type { WorkspaceBook } from "../workspaces/workspace-book.ts";
import type { LedgerBuffer } from "../money/ledger-buffer.ts";
import type { LimitedWorkspaces } from "../money/limited-workspaces.ts";
import { isWithinRate } from "./management-rate.ts";

/** What management works with. */
export type ManageOptions = {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly docsBaseUrl: () => string;
  readonly book: WorkspaceBook;
  readonly logger: FastifyBaseLogger;
  readonly limited: LimitedWorkspaces;
  readonly buffer: LedgerBuffer;
  /** Whether the configuration holds a key with this id, of this workspace. */
  readonly isConfiguredKey: (workspaceId: string, keyId: string) => boolean;
  readonly isProvider: (id: string) => boolean;
  /** Unix ms at which the gateway was made: the age of what its configuration holds. */
  readonly startedAtMs: number;
};

/** A management call by whom it may concern. */
export type Managed = { readonly principal: Principal; readonly workspaceId: string };

/** Notes in the log who changed what. */
export const audit = (
  { logger }: Pick<ManageOptions, "logger">,
  event: string,
  { principal, workspaceId, id }: Managed & { readonly id: string },
): void => {
  logger.info({ event, workspaceId, keyId: principal.keyId, id }, event);
};

const notFound: GatewayError = {
  code: "resource_not_found",
  message: "There is no such thing, or it is another workspace's.",
  param: null,
};

export const sendNotFound = (reply: FastifyReply, { docsBaseUrl }: ManageOptions): void => {
  sendError(reply, notFound, docsBaseUrl);
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
    const kind = request.method === "GET" ? "reads" : "writes";
    const within = { ...options, shared: options.stores.shared };
    if (!(await isWithinRate(kind, request, reply, within))) return reply;
    const isOwn = principal.workspace === workspaceId || hasScope(principal, "admin");
    if (!isOwn || !(await options.book.knows(workspaceId))) sendNotFound(reply, options);
    else await call({ principal, workspaceId }, request, reply);
    return reply;
  };
