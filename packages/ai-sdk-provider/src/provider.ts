import { NoSuchModelError } from "@ai-sdk/provider";
import type { LanguageModelV4, ProviderV4 } from "@ai-sdk/provider";
import { PointsmanChatModel } from "./chat-model.ts";
import type { PointsmanOptions } from "./options.ts";
import { PointsmanResponsesModel } from "./responses-model.ts";
import { connectionOf } from "./settings.ts";
import type { PointsmanProviderSettings } from "./settings.ts";

/** A gateway as a provider of the AI SDK. */
export interface PointsmanProvider extends ProviderV4 {
  (modelId: string, settings?: PointsmanOptions): LanguageModelV4;
  /** On the chat wire. */
  chat(modelId: string, settings?: PointsmanOptions): LanguageModelV4;
  /** On the Responses wire. */
  responses(modelId: string, settings?: PointsmanOptions): LanguageModelV4;
  languageModel(modelId: string, settings?: PointsmanOptions): LanguageModelV4;
}

const without =
  (modelType: "embeddingModel" | "imageModel") =>
  (modelId: string): never => {
    throw new NoSuchModelError({ modelId, modelType });
  };

/** A provider for the gateway at `baseURL`; its key is looked for with the first call. */
export const createPointsman = (settings: PointsmanProviderSettings = {}): PointsmanProvider => {
  const connection = connectionOf(settings);
  const chat = (modelId: string, options: PointsmanOptions = {}): LanguageModelV4 =>
    new PointsmanChatModel(modelId, options, connection);
  const responses = (modelId: string, options: PointsmanOptions = {}): LanguageModelV4 =>
    new PointsmanResponsesModel(modelId, options, connection);
  return Object.assign(
    (modelId: string, options?: PointsmanOptions): LanguageModelV4 => chat(modelId, options),
    {
      specificationVersion: "v4" as const,
      chat,
      responses,
      languageModel: chat,
      embeddingModel: without("embeddingModel"),
      imageModel: without("imageModel"),
    },
  );
};

/** The gateway that the environment names. */
export const pointsman: PointsmanProvider = createPointsman();
