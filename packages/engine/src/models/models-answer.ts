import type { Offering } from "@pointsman/core";
import type { GatewayError } from "@pointsman/translate";
import type { ModelDirectory } from "../plan/model-directory.ts";
import type { CallerHeaders } from "../surfaces/surface.ts";
import { isChatCallable, listModels } from "./list-models.ts";
import type { ListedModel } from "./list-models.ts";
import type { ModelCatalog } from "./model-catalog.ts";

type Json = Readonly<Record<string, unknown>>;

/** What is to be sent, or what is wrong. */
export type ModelsAnswer = { readonly body: Json } | { readonly error: GatewayError };

/** Which models are told of, and to whom. */
export type ModelsSource = {
  readonly offerings: readonly Offering[];
  /** `null` = none but the offerings. */
  readonly catalog: ModelCatalog | null;
  /** What the caller can ask for. */
  readonly directory: ModelDirectory;
  /** Of the caller: Anthropic's clients are told what they look for besides. */
  readonly headers: CallerHeaders;
  readonly nowMs: number;
};

const isAnthropic = ({ headers }: ModelsSource): boolean =>
  headers["anthropic-version"] !== undefined;

const shownTo = (source: ModelsSource, model: ListedModel): Json =>
  isAnthropic(source)
    ? {
        ...model,
        type: "model",
        display_name: source.catalog?.resolve(model.id)?.displayName ?? model.id,
        created_at: new Date(model.created * 1000).toISOString(),
      }
    : model;

/** GET /v1/models (docs/contract.md §20). */
export const modelsAnswer = (source: ModelsSource, endpoint = "chat_completions"): ModelsAnswer => {
  if (endpoint !== "chat_completions" && endpoint !== "responses") {
    const message = `endpoint is 'chat_completions' or 'responses', not '${endpoint}'.`;
    return { error: { code: "invalid_parameter_value", message, param: "endpoint" } };
  }
  const { offerings, catalog, directory, nowMs } = source;
  const listed = endpoint === "responses" ? offerings : offerings.filter(isChatCallable);
  const models = [...listModels(listed, catalog, nowMs).values()].filter(
    ({ id }) => directory.resolve(id) !== null,
  );
  return {
    body: {
      object: "list",
      data: models.map((model) => shownTo(source, model)),
      ...(isAnthropic(source)
        ? { has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null }
        : {}),
      catalog_version: catalog?.version ?? "none",
      catalog_age_seconds:
        catalog === null ? 0 : Math.max(0, Math.floor((nowMs - catalog.dateMs) / 1000)),
    },
  };
};

/** GET /v1/models/{id}, by any name it has. */
export const modelAnswer = (source: ModelsSource, name: string): ModelsAnswer => {
  const { offerings, catalog, directory, nowMs } = source;
  const id = directory.resolve(name);
  const model = id === null ? undefined : listModels(offerings, catalog, nowMs).get(id);
  if (model !== undefined) return { body: shownTo(source, model) };
  const nearest = directory.suggest(name);
  return {
    error: {
      code: "model_not_found",
      message: `The model '${name}' does not exist.`,
      param: "model",
      ...(nearest.length === 0 ? {} : { suggestion: `Did you mean ${nearest.join(", ")}?` }),
    },
  };
};
