import type { FinishReason } from "../neutral/stream-item.ts";

const meanings: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["pause_turn", "stop"],
  ["compaction", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "content_filter"],
]);

/** What Anthropic's word means; `hasCalls`: the answer holds a call the client has to run. */
export const decodeStopReason = (
  word: string,
  hasCalls: boolean,
): { readonly reason: FinishReason; readonly native: string | null } => {
  let reason = meanings.get(word) ?? "stop";
  // A call to run may stand before a pause, and a server's tool is none of the client's.
  if (reason === "stop" && hasCalls) reason = "tool_calls";
  else if (reason === "tool_calls" && !hasCalls) reason = "stop";
  return { reason, native: word === "end_turn" ? null : word };
};

/** Anthropic's word for an end: the provider's own if it is one that says this. */
export const encodeStopReason = (
  reason: FinishReason,
  native: string | null,
  stopSequence: string | null,
): string => {
  if (native !== null && meanings.get(native) === reason) return native;
  switch (reason) {
    case "length":
      return "max_tokens";
    case "tool_calls":
      return "tool_use";
    case "content_filter":
      return "refusal";
    case "stop":
    default:
      return stopSequence === null ? "end_turn" : "stop_sequence";
  }
};
