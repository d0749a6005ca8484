import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";
import type { Engine, ModelDirectory, WorkspacePlan } from "@pointsman/engine";
import { sendError } from "../http/create-server.ts";
import { planCaller, rawBodyOf } from "./plan-caller.ts";
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

/** Handles the inference requests of one surface. */
export const createSurfaceHandler =
  (surface: Surface, options: SurfaceRouteOptions) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    const { engine, docsBaseUrl, logger } = options;
    const body = rawBodyOf(request);
    const read: SurfaceRequest = body.ok ? surface.read(body.raw, request.headers) : body;
    if (!read.ok) {
      sendError(reply, read.error, docsBaseUrl);
      return;
    }
    const { caller } = read;
    const planned = planCaller(caller, request, options);
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
          conduct: plan.conduct,
          receivedAtMs: request.receivedAtMs,
          losses: [...read.losses, ...plan.losses],
        },
        answer,
      ),
    );
  };
