import type { Usage } from "@pointsman/core";
import type { JsonRecord } from "../json/read.ts";
import { asCount, asNumber, asRecord } from "../json/read.ts";
import type { ChatDialect } from "./chat-dialect.ts";

const vendorCachedField: Readonly<Record<ChatDialect["cachedField"], string>> = {
  openai: "cached_tokens",
  deepseek: "prompt_cache_hit_tokens",
  moonshot: "cached_tokens",
  mistral: "num_cached_tokens",
};

const cachedTokens = (
  raw: JsonRecord,
  details: JsonRecord | null,
  cachedField: ChatDialect["cachedField"],
): number =>
  Math.max(asCount(details?.["cached_tokens"]), asCount(raw[vendorCachedField[cachedField]]));

/** Takes up to `wanted` out of what is left, so that no bucket can take what another has. */
const drain = (total: number): { take(wanted: number): number; rest(): number } => {
  let left = total;
  return {
    take: (wanted) => {
      const taken = Math.min(wanted, left);
      left -= taken;
      return taken;
    },
    rest: () => left,
  };
};

/** Whether the vendor counts reasoning on top of `completion_tokens`. */
const reasoningOnTop = (
  reasoningInOutput: boolean,
  prompt: number,
  completion: number,
  reasoning: number,
  total: number | null,
): boolean => {
  if (reasoning === 0) return false;
  if (total === prompt + completion + reasoning) return true;
  return !reasoningInOutput && total !== prompt + completion;
};

/**
 * A chat vendor's `usage` as disjoint buckets. Their sum is the vendor's prompt and output total;
 * `null` if there is no usage object with a count in it, which is not zero.
 */
export const decodeChatUsage = (
  value: unknown,
  dialect: Pick<ChatDialect, "reasoningInOutput" | "cachedField">,
): Usage | null => {
  const raw = asRecord(value);
  if (raw === null) return null;
  const total = asNumber(raw["total_tokens"]);
  const counts = [raw["prompt_tokens"], raw["completion_tokens"]].map(asNumber);
  if (total === null && counts.every((count) => count === null)) return null;
  const inputDetails = asRecord(raw["prompt_tokens_details"]);
  const outputDetails = asRecord(raw["completion_tokens_details"]);
  const prompt = asCount(raw["prompt_tokens"]);
  const completion =
    counts[1] === null ? Math.max(0, asCount(total) - prompt) : asCount(raw["completion_tokens"]);
  const reasoning = asCount(outputDetails?.["reasoning_tokens"]);
  const onTop = reasoningOnTop(dialect.reasoningInOutput, prompt, completion, reasoning, total);

  const input = drain(prompt);
  const cacheReadTokens = input.take(cachedTokens(raw, inputDetails, dialect.cachedField));
  const cacheWrite5mTokens = input.take(asCount(inputDetails?.["cache_write_tokens"]));
  const audioInputTokens = input.take(asCount(inputDetails?.["audio_tokens"]));
  const imageInputTokens = input.take(asCount(inputDetails?.["image_tokens"]));

  const output = drain(completion + (onTop ? reasoning : 0));
  const reasoningTokens = output.take(reasoning);
  const audioOutputTokens = output.take(asCount(outputDetails?.["audio_tokens"]));
  const imageOutputTokens = output.take(asCount(outputDetails?.["image_tokens"]));

  return {
    inputTokens: input.rest(),
    cacheReadTokens,
    cacheWrite5mTokens,
    cacheWrite1hTokens: 0,
    outputTokens: output.rest(),
    reasoningTokens,
    ...(audioInputTokens > 0 ? { audioInputTokens } : {}),
    ...(imageInputTokens > 0 ? { imageInputTokens } : {}),
    ...(audioOutputTokens > 0 ? { audioOutputTokens } : {}),
    ...(imageOutputTokens > 0 ? { imageOutputTokens } : {}),
  };
};

/** The usage of a chunk or answer, wherever the vendor puts it. */
export const findChatUsage = (chunk: JsonRecord): unknown => {
  const own = asRecord(chunk["usage"]);
  if (own !== null) return own;
  const groq = asRecord(asRecord(chunk["x_groq"])?.["usage"]);
  if (groq !== null) return groq;
  const choices = chunk["choices"];
  return Array.isArray(choices) ? asRecord(asRecord(choices[0])?.["usage"]) : null;
};
