import type { OpenAiCompatiblePreset } from "../preset.ts";
import { alibaba } from "./alibaba.ts";
import { cerebras } from "./cerebras.ts";
import { deepinfra } from "./deepinfra.ts";
import { deepseek } from "./deepseek.ts";
import { fireworksAi } from "./fireworks-ai.ts";
import { generic } from "./generic.ts";
import { groq } from "./groq.ts";
import { minimax } from "./minimax.ts";
import { mistral } from "./mistral.ts";
import { moonshot } from "./moonshot.ts";
import { openai } from "./openai.ts";
import { perplexity } from "./perplexity.ts";
import { siliconflow } from "./siliconflow.ts";
import { simulated } from "./simulated.ts";
import { togetherAi } from "./together-ai.ts";
import { xai } from "./xai.ts";
import { zAi } from "./z-ai.ts";

const all: readonly OpenAiCompatiblePreset[] = [
  alibaba,
  cerebras,
  deepinfra,
  deepseek,
  fireworksAi,
  generic,
  groq,
  minimax,
  mistral,
  moonshot,
  openai,
  perplexity,
  siliconflow,
  simulated,
  togetherAi,
  xai,
  zAi,
];

/** Every preset by its id. */
export const presets: ReadonlyMap<string, OpenAiCompatiblePreset> = new Map(
  all.map((preset) => [preset.id, preset]),
);
