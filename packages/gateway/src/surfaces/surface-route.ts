import { isAscii } from "node:buffer";
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import { planRequest } from "@pointsman/engine";
import type { Engine, ModelDirectory, WorkspacePlan } from "@pointsman/engine";
import { sendError } from "../http/create-server.ts";
import { SurfaceAnswer } from "./surface-answer.ts";
import type { Surface, SurfaceRequest } from "./surface.ts";

/** What every surface works with. */
export type SurfaceRouteOptions = {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly workspaces: ReadonlyMap<string, WorkspacePlan>;
  readonly docsBaseUrl: () => string;
  readonly logger: FastifyBaseLogger;
};

/** Bytes to a validated request. */
const readRequest = (surface: Surface, { body, headers }: FastifyRequest): SurfaceRequest => {
  if (!Buffer.isBuffer(body) || body.length === 0) {
    const message = "The body is empty; send a JSON object.";
    return { ok: false, error: { code: "invalid_request", message, param: null } };
  }
  const raw = { bytes: body, byteText: body.toString("latin1"), isAscii: isAscii(body) };
  return surface.read(raw, headers);
};

/** Handles the inference requests of one surface. */
export const createSurfaceHandler =
  (surface: Surface, options: SurfaceRouteOptions) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    const { engine, directory, workspaces, docsBaseUrl, logger } = options;
    const { principal } = request;
    const workspace = workspaces.get(principal?.workspace ?? "");
    if (principal === null || workspace === undefined)
      throw new TypeError("a checked key belongs to a workspace");
    const read = readRequest(surface, request);
    if (!read.ok) {
      sendError(reply, read.error, docsBaseUrl);
      return;
    }
    const { caller } = read;
    const planned = planRequest({
      caller,
      workspace,
      directory,
      credentials: engine.credentials,
      allowed: principal,
    });
    if (!planned.ok) {
      sendError(reply, planned.error, docsBaseUrl);
      return;
    }
    const { plan } = planned;
    reply.hijack();
    const answer = new SurfaceAnswer({
      surface,
      writer: read.writer,
      response: reply.raw,
      clock: engine.clock,
      requestId: request.id,
      stream: plan.routing.stream,
      excludeReasoning: caller.outline.excludeReasoning,
      legacyFunctions: caller.outline.legacyFunctions,
      docsBaseUrl,
      onError: (error) => {
        const { code, provider, message } = error;
        logger.warn({ requestId: request.id, code, provider }, message);
      },
    });
    answer.attach(
      engine.run(
        {
          caller,
          routing: plan.routing,
          timeoutMs: plan.timeoutMs,
          deadlineMs: plan.deadlineMs,
          receivedAtMs: request.receivedAtMs,
          losses: [...read.losses, ...plan.losses],
        },
        answer,
      ),
    );
  };
