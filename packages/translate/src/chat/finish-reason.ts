import type { FinishReason } from "../neutral/stream-item.ts";

/** What a vendor's finish word means; `failure` = the answer was broken off, not ended. */
const words: ReadonlyMap<string, FinishReason | "failure"> = new Map<
  string,
  FinishReason | "failure"
>([
  ["stop", "stop"],
  ["length", "length"],
  ["tool_calls", "tool_calls"],
  ["content_filter", "content_filter"],
  ["function_call", "tool_calls"],
  ["tool_use", "tool_calls"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["eos", "stop"],
  ["max_tokens", "length"],
  ["model_length", "length"],
  ["refusal", "content_filter"],
  ["insufficient_system_resource", "failure"],
  ["error", "failure"],
]);

export type DecodedFinish =
  | { readonly ok: true; readonly reason: FinishReason; readonly native: string | null }
  | { readonly ok: false };

/** `hasCalls`: the answer holds a call the client has to run; only then it ends in `tool_calls`. */
export const decodeFinish = (word: string | null, hasCalls: boolean): DecodedFinish => {
  const meaning = word === null ? "stop" : (words.get(word) ?? "stop");
  if (meaning === "failure") return { ok: false };
  let reason: FinishReason = meaning;
  if (reason === "stop" && hasCalls) reason = "tool_calls";
  else if (reason === "tool_calls" && !hasCalls) reason = "stop";
  return { ok: true, reason, native: word === null || word === reason ? null : word };
};
