import type { GenaiModel, GenaiPriceSet } from "../source/genai-prices.ts";
import type { ModelsDevModel } from "../source/models-dev.ts";

/** Names of services that are no chat, wherever they appear in an id. */
const otherService =
  /embed|moderation|whisper|transcri|(?:^|-)tts|realtime|-live-|omni|native-audio|gpt-audio|-audio-|voxtral|voice|-ocr|imagine|guard|gpt-image|image-\d|-image-mini$|gpt-5-image/i;

/** OpenAI's text completion models, which take no messages. */
const completionOnly = /^(?:ada|babbage|curie|davinci|text-)|-instruct(?:-\d+)?$/;

/** Why a models.dev entry is no chat model; `null` = it is one. */
export const whyNoChat = (id: string, model: ModelsDevModel): string | null => {
  if (!model.modalities.output.includes("text")) return "puts out no text";
  if (!model.modalities.input.includes("text")) return "takes no text";
  if (model.limit.context === 0) return "has no context window";
  if (otherService.test(id) && !/guard/i.test(id)) return "another service than chat";
  return null;
};

const pricesOf = (model: GenaiModel): readonly GenaiPriceSet[] =>
  Array.isArray(model.prices) ? model.prices.map((entry) => entry.prices) : [model.prices];

/** Why an entry that only genai-prices has is no chat model one could call; `null` = it is one. */
export const whyNoPricedChat = (provider: string, id: string, model: GenaiModel): string | null => {
  if (model.deprecated === true) return "marked deprecated, models.dev does not list it";
  if (id.startsWith("ft:") || id.endsWith(".ft-")) return "a prefix of fine-tunes, not a model";
  if (id.includes(":")) return "another seller's spelling";
  if (otherService.test(id)) return "another service than chat";
  if (provider === "openai" && completionOnly.test(id)) return "text completions only";
  if (provider === "google_ai_studio" && !/^gem(?:ini|ma)-/.test(id)) return "offered by Vertex AI";
  const priced = pricesOf(model).some(
    (prices) => prices.input_mtok !== undefined && prices.output_mtok !== undefined,
  );
  return priced ? null : "no price per input and output token";
};
