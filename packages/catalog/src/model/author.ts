import type { SourceRow } from "./source-row.ts";

/** Vendor prefixes of resellers' ids -> who made the model. */
const authors: Readonly<Record<string, string>> = {
  baidu: "Baidu",
  "bytedance-seed": "ByteDance",
  deepcogito: "Deep Cogito",
  "deepseek-ai": "DeepSeek",
  essentialai: "Essential AI",
  google: "Google",
  groq: "Groq",
  inclusionai: "inclusionAI",
  liquidai: "Liquid AI",
  "meta-llama": "Meta",
  minimaxai: "MiniMax",
  mistralai: "Mistral AI",
  moonshotai: "Moonshot AI",
  nvidia: "NVIDIA",
  openai: "OpenAI",
  qwen: "Qwen",
  "stepfun-ai": "StepFun",
  tencent: "Tencent",
  xiaomimimo: "Xiaomi",
  "zai-org": "Z.AI",
};

/** First words of ids without prefix, for resellers that write none. */
const authorsByName: readonly (readonly [RegExp, string])[] = [
  [/^(?:meta-)?llama/i, "Meta"],
  [/^qwen/i, "Qwen"],
  [/^deepseek/i, "DeepSeek"],
  [/^gemma/i, "Google"],
  [/^mi[sx]tral/i, "Mistral AI"],
];

const firstParty: Readonly<Record<string, string>> = {
  anthropic: "Anthropic",
  deepseek: "DeepSeek",
  google_ai_studio: "Google",
  minimax: "MiniMax",
  mistral: "Mistral AI",
  moonshot: "Moonshot AI",
  openai: "OpenAI",
  xai: "xAI",
  z_ai: "Z.AI",
};

/** Who made a model that `models.yaml` does not name. */
export const authorOf = ({ provider, id }: SourceRow): string => {
  const own = firstParty[provider.id];
  if (own !== undefined) return own;
  const [prefix, ...rest] = id.split("/");
  const bare = rest.at(-1) ?? id;
  const known = rest.length === 0 ? undefined : authors[prefix?.toLowerCase() ?? ""];
  if (known !== undefined) return known;
  const named = authorsByName.find(([pattern]) => pattern.test(bare))?.[1];
  return named ?? (rest.length === 1 && prefix !== undefined ? prefix : provider.displayName);
};

/** The words before the first number: `gpt-6-luna` -> `gpt`; the whole id if it begins with one. */
export const familyOf = (id: string): string => /^[a-z]+(?:-[a-z]+)*(?=-?\d|$)/.exec(id)?.[0] ?? id;
