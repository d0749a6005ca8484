import type { FinishReason } from "../neutral/stream-item.ts";

const words: ReadonlyMap<string, FinishReason | "failure"> = new Map<
  string,
  FinishReason | "failure"
>([
  ["STOP", "stop"],
  ["MAX_TOKENS", "length"],
  ["SAFETY", "content_filter"],
  ["RECITATION", "content_filter"],
  ["LANGUAGE", "content_filter"],
  ["BLOCKLIST", "content_filter"],
  ["PROHIBITED_CONTENT", "content_filter"],
  ["SPII", "content_filter"],
  ["IMAGE_SAFETY", "content_filter"],
  ["IMAGE_PROHIBITED_CONTENT", "content_filter"],
  ["IMAGE_RECITATION", "content_filter"],
  ["MALFORMED_FUNCTION_CALL", "failure"],
  ["UNEXPECTED_TOOL_CALL", "failure"],
  ["MALFORMED_RESPONSE", "failure"],
  ["MISSING_THOUGHT_SIGNATURE", "failure"],
]);

/** What Google's word means; `hasCalls`: then a plain stop is a wish to have them run. */
export const decodeGeminiFinish = (
  word: string,
  hasCalls: boolean,
):
  | { readonly ok: true; readonly reason: FinishReason; readonly native: string }
  | { readonly ok: false } => {
  const meaning = words.get(word) ?? "stop";
  if (meaning === "failure") return { ok: false };
  return {
    ok: true,
    reason: meaning === "stop" && hasCalls ? "tool_calls" : meaning,
    native: word,
  };
};
