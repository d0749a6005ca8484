import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import { visibleTo } from "@pointsman/engine";
import type { Clock, ModelDirectory } from "@pointsman/engine";
import { modelAnswer, modelsAnswer } from "@pointsman/engine/surfaces";
import type { ModelsAnswer, ModelsSource } from "@pointsman/engine/surfaces";
import { sendError } from "../http/create-server.ts";

/** What listing models looks at. */
export type ModelRoutesOptions = {
  readonly offerings: readonly Offering[];
  readonly catalog: Catalog;
  readonly directory: ModelDirectory;
  readonly clock: Clock;
  readonly docsBaseUrl: () => string;
};

/** GET /v1/models and /v1/models/{id}; an id may hold slashes, raw or escaped. */
export const addModelRoutes = (app: FastifyInstance, options: ModelRoutesOptions): void => {
  const { offerings, catalog, directory, clock, docsBaseUrl } = options;
  const sourceFor = ({ principal, headers }: FastifyRequest): ModelsSource => ({
    offerings,
    catalog,
    directory: visibleTo(directory, principal ?? undefined),
    headers,
    nowMs: clock.nowMs(),
  });
  const send = (answer: ModelsAnswer, reply: FastifyReply): FastifyReply => {
    if ("body" in answer) return reply.send(answer.body);
    sendError(reply, answer.error, docsBaseUrl);
    return reply;
  };

  type Listing = { Querystring: { endpoint?: string } };
  app.get<Listing>("/v1/models", { config: { scope: "any" } }, (request, reply) =>
    send(modelsAnswer(sourceFor(request), request.query.endpoint), reply),
  );
  type Named = { Params: { "*": string } };
  app.get<Named>("/v1/models/*", { config: { scope: "any" } }, (request, reply) =>
    send(modelAnswer(sourceFor(request), request.params["*"]), reply),
  );
};
