import type { FastifyInstance } from "fastify";
import type { Catalog } from "@pointsman/catalog";
import type { Offering } from "@pointsman/core";
import { visibleTo } from "@pointsman/engine";
import type { Clock, ModelDirectory } from "@pointsman/engine";
import { sendError } from "../http/create-server.ts";
import { isChatCallable, listModels } from "./model-listing.ts";
import type { ListedModel } from "./model-listing.ts";

/** What listing models looks at. */
export type ModelRoutesOptions = {
  readonly offerings: readonly Offering[];
  readonly catalog: Catalog;
  readonly directory: ModelDirectory;
  readonly clock: Clock;
  readonly docsBaseUrl: () => string;
};

/** A model with what Anthropic's clients look for besides. */
const forAnthropic = (model: ListedModel, catalog: Catalog): Readonly<Record<string, unknown>> => ({
  ...model,
  type: "model",
  display_name: catalog.models.get(model.id)?.displayName ?? model.id,
  created_at: new Date(model.created * 1000).toISOString(),
});

/** GET /v1/models and /v1/models/{id}; an id may hold slashes, raw or escaped. */
export const addModelRoutes = (app: FastifyInstance, options: ModelRoutesOptions): void => {
  const { offerings, catalog, directory, clock, docsBaseUrl } = options;

  type Listing = { Querystring: { endpoint?: string } };
  app.get<Listing>("/v1/models", { config: { scope: "any" } }, (request, reply) => {
    const { endpoint = "chat_completions" } = request.query;
    if (endpoint !== "chat_completions" && endpoint !== "responses") {
      const message = `endpoint is 'chat_completions' or 'responses', not '${endpoint}'.`;
      const code = "invalid_parameter_value";
      sendError(reply, { code, message, param: "endpoint" }, docsBaseUrl);
      return reply;
    }
    const listed = endpoint === "responses" ? offerings : offerings.filter(isChatCallable);
    const nowMs = clock.nowMs();
    const visible = visibleTo(directory, request.principal ?? undefined);
    const models = [...listModels(listed, catalog, nowMs).values()].filter(
      ({ id }) => visible.resolve(id) !== null,
    );
    const isAnthropic = request.headers["anthropic-version"] !== undefined;
    return reply.send({
      object: "list",
      data: isAnthropic ? models.map((model) => forAnthropic(model, catalog)) : models,
      ...(isAnthropic
        ? { has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null }
        : {}),
      catalog_version: catalog.version,
      catalog_age_seconds: Math.max(0, Math.floor((nowMs - catalog.dateMs) / 1000)),
    });
  });

  app.get<{ Params: { "*": string } }>(
    "/v1/models/*",
    { config: { scope: "any" } },
    (request, reply) => {
      const name = request.params["*"];
      const visible = visibleTo(directory, request.principal ?? undefined);
      const id = visible.resolve(name);
      const model = id === null ? undefined : listModels(offerings, catalog, clock.nowMs()).get(id);
      if (model !== undefined) {
        const isAnthropic = request.headers["anthropic-version"] !== undefined;
        return reply.send(isAnthropic ? forAnthropic(model, catalog) : model);
      }
      const nearest = visible.suggest(name);
      sendError(
        reply,
        {
          code: "model_not_found",
          message: `The model '${name}' does not exist.`,
          param: "model",
          ...(nearest.length === 0 ? {} : { suggestion: `Did you mean ${nearest.join(", ")}?` }),
        },
        docsBaseUrl,
      );
      return reply;
    },
  );
};
