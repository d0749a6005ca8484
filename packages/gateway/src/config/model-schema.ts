import type { Capability } from "@pointsman/core";
import type { z } from "zod";
import {
  flag,
  listOf,
  nonNegative,
  oneOf,
  orNull,
  section,
  statedOnly,
  strictMap,
  text,
  wholeNumber,
  withDefault,
} from "./schema-parts.ts";

/**
 * Six decimals make a whole number of pico-dollars per token. The bound keeps the longest prompt's
 * total an exact number.
 */
const isWholePicoUsd = (usdPerMtok: number): boolean =>
  usdPerMtok <= 1_000_000 && Number(usdPerMtok.toFixed(6)) === usdPerMtok;

const price = nonNegative.refine(isWholePicoUsd, {
  error: "USD per million tokens, at most 1000000 and with at most 6 decimals",
});

/** `null` = billed as input. */
const rates = {
  input: price,
  output: price,
  cacheRead: orNull(price),
  cacheWrite: orNull(price),
  cacheWrite1h: orNull(price),
};

const priceSchema = strictMap({
  ...rates,
  /** Each holds for the whole request if its prompt is longer than `above` tokens. */
  tiers: withDefault(listOf(strictMap({ above: wholeNumber(1), ...rates })), []),
});

const stated = flag.nullish();

const capabilityShape = {
  streaming: stated,
  tools: stated,
  parallel_tool_calls: stated,
  tool_choice_required: stated,
  vision: stated,
  audio_input: stated,
  file_input: stated,
  json_mode: stated,
  structured_output: stated,
  tools_with_structured_output: stated,
  reasoning: stated,
  reasoning_disable: stated,
  prefill: stated,
  prompt_caching: stated,
  logprobs: stated,
  web_search: stated,
} satisfies Record<Capability, typeof stated>;

const capabilities = strictMap(capabilityShape).transform(statedOnly);

/** What one provider offers under a canonical model id; `null` = as the catalogue says. */
export const modelSchema = strictMap({
  /** The provider's own name of the model. */
  id: orNull(text),
  price: orNull(priceSchema),
  contextWindow: orNull(wholeNumber(1)),
  maxOutputTokens: orNull(wholeNumber(1)),
  endpoints: orNull(
    listOf(oneOf(["chat_completions", "responses"])).min(1, { error: "at least one endpoint" }),
  ),
  capabilities: section(capabilities),
});

export type ModelPrice = z.output<typeof priceSchema>;
