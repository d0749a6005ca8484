/** Where a cost may differ from genai-prices', why ours is right, and which page says so. */
export type KnownDifference = {
  readonly reason: string;
  readonly source: string;
  /** It differs only before this day; absent = at any time. */
  readonly before?: string;
  /** Another name at the same provider, as which genai-prices gives our cost from `before` on. */
  readonly pricedAs?: string;
};

const peakHours: KnownDifference = {
  reason:
    "The peak hours came with the prices of 2026-08-17. An entry of genai-prices has one constraint, hours or a day: it bills the new peak prices for hours before that day, too.",
  source: "https://api-docs.deepseek.com/quick_start/pricing",
  before: "2026-08-17",
};

/** By `provider/model` of genai-prices' data: what an entry itself cannot say. */
export const differencesOfEntries: Readonly<Record<string, KnownDifference>> = {
  "deepseek/deepseek-v4-flash": peakHours,
  "deepseek/deepseek-v4-pro": peakHours,
};

const renamed: KnownDifference = {
  reason:
    "Since 2026-04-24 a name of V4 Flash (without and with thinking), billed as V4 Flash; genai-prices still has the V3 and R1 rates.",
  source: "https://api-docs.deepseek.com/quick_start/pricing",
  pricedAs: "deepseek-v4-flash",
};

/** By offering of the catalogue: what another source or an exception of the catalogue decides. */
export const differencesOfOfferings: Readonly<Record<string, KnownDifference>> = {
  "deepseek/deepseek-v4-flash": peakHours,
  "deepseek/deepseek-v4-pro": peakHours,
  "deepseek/deepseek-chat": renamed,
  "deepseek/deepseek-reasoner": renamed,
  "groq/openai/gpt-oss-safeguard-20b": {
    reason:
      "The clause of the 120B model's entry names this 20B model, too; Groq sells it at the 20B rate.",
    source: "https://console.groq.com/docs/model/openai/gpt-oss-safeguard-20b",
  },
};

const audio = "by the hour of audio: speech, no chat model";
const pages = "by the page: OCR, no chat model";
const voice = "by the hour of audio and by the message: voice, no chat model";
const nothing =
  "no price at all, which genai-prices bills at 0 and this project holds to be unknown";

/** Entries that price no tokens, and what they do price. By `provider/model` of genai-prices' data. */
export const pricedWithoutTokens: Readonly<Record<string, string>> = {
  "openai/gpt-transcribe": audio,
  "openai/moderation": nothing,
  "openai/whisper-1": audio,
  "google/gemma-3": nothing,
  "google/gemma-3n": nothing,
  // Free by an exception of the catalogue: https://ai.google.dev/gemini-api/docs/pricing
  "google/gemma-4-26b-a4b-it": nothing,
  "google/gemma-4-31b-it": nothing,
  "x-ai/grok-voice-latest": voice,
  "x-ai/grok-voice-think-fast-1.0": voice,
  "x-ai/grok-voice-think-fast-2.0": voice,
  "groq/whisper-large-v3": audio,
  "groq/whisper-large-v3-turbo": audio,
  "mistral/devstral-small:free": nothing,
  "mistral/mistral-nemo:free": nothing,
  "mistral/mistral-ocr-2503": pages,
  "mistral/mistral-ocr-2505": pages,
  "mistral/mistral-ocr-2512": pages,
  "mistral/mistral-ocr-4-0": pages,
  "mistral/mistral-ocr-4-1": pages,
  "mistral/mistral-ocr-latest": pages,
  "mistral/mistral-small-24b-instruct-2501:free": nothing,
  "mistral/voxtral-mini-2602": audio,
};

/** Offerings that an exception of the catalogue prices by an entry whose clause does not know the id. */
export const unknownToThem: Readonly<Record<string, KnownDifference>> = {
  "mistral/mistral-medium-2604": {
    reason: "Mistral Medium 3.5 is version 26.04; the entry knows it by its marketing name only.",
    source: "https://mistral.ai/pricing/api",
    pricedAs: "mistral-medium-3-5",
  },
};
