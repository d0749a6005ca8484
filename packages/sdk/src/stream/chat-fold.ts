import { connectionError } from "../error-of-body.ts";
import type {
  ChatAnswerMessage,
  ChatChoice,
  ChatCompletionChunk,
  ChatDelta,
  ChatLogprobs,
  ToolCall,
  ToolCallDelta,
} from "../types/chat.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A choice as far as it has come. */
type Draft = {
  readonly message: Mutable<ChatAnswerMessage>;
  /** By index. */
  readonly calls: Map<number, CallDraft>;
  finish: ChatChoice["finish_reason"] | null;
  native: string | undefined;
  logprobs: ChatLogprobs | null;
  /** Reasoning that no signature has closed yet. */
  thinking: string;
};

type CallDraft = { id: string; name: string; arguments: string; signature: string | undefined };

const newDraft = (): Draft => ({
  message: { role: "assistant", content: "" },
  calls: new Map(),
  finish: null,
  native: undefined,
  logprobs: null,
  thinking: "",
});

const addCalls = (calls: Draft["calls"], deltas: readonly ToolCallDelta[]): void => {
  for (const { index, id = "", function: piece, provider_signature: signature } of deltas) {
    const call = calls.get(index) ?? { id, name: "", arguments: "", signature };
    call.id ||= id;
    call.name += piece?.name ?? "";
    call.arguments += piece?.arguments ?? "";
    call.signature = signature ?? call.signature;
    calls.set(index, call);
  }
};

const callOf = ({ id, name, arguments: text, signature }: CallDraft): ToolCall => ({
  id,
  type: "function",
  function: { name, arguments: text },
  ...(signature === undefined ? {} : { provider_signature: signature }),
});

const addReasoning = (draft: Draft, delta: ChatDelta): void => {
  const { message } = draft;
  const blocks = [...(message.reasoning ?? [])];
  if (typeof delta.reasoning_content === "string") {
    message.reasoning_content = (message.reasoning_content ?? "") + delta.reasoning_content;
    draft.thinking += delta.reasoning_content;
  }
  if (typeof delta.reasoning_signature === "string") {
    const signature = delta.reasoning_signature;
    blocks.push({ type: "thinking", thinking: draft.thinking, signature });
    draft.thinking = "";
  }
  if (typeof delta.reasoning_redacted_data === "string") {
    blocks.push({ type: "redacted", data: delta.reasoning_redacted_data });
  }
  if (blocks.length > 0) message.reasoning = blocks;
};

const addDelta = (draft: Draft, delta: ChatDelta): void => {
  const { message } = draft;
  message.content = (message.content ?? "") + (delta.content ?? "");
  if (typeof delta.refusal === "string") message.refusal = (message.refusal ?? "") + delta.refusal;
  if (delta.tool_calls !== undefined) addCalls(draft.calls, delta.tool_calls);
  if (delta.images !== undefined) message.images = [...(message.images ?? []), ...delta.images];
  if (delta.annotations !== undefined) {
    message.annotations = [...(message.annotations ?? []), ...delta.annotations];
  }
  if (delta.provider_signature !== undefined) message.provider_signature = delta.provider_signature;
  if (delta.function_call !== undefined) {
    const { name = "", arguments: text = "" } = message.function_call ?? {};
    message.function_call = {
      name: name + (delta.function_call.name ?? ""),
      arguments: text + (delta.function_call.arguments ?? ""),
    };
  }
  addReasoning(draft, delta);
};

const joined = (a: ChatLogprobs | null, b: ChatLogprobs): ChatLogprobs => {
  const both = (name: "content" | "refusal") =>
    a?.[name] && b[name] ? [...a[name], ...b[name]] : (b[name] ?? a?.[name] ?? null);
  const hasRefusal = a?.refusal !== undefined || b.refusal !== undefined;
  return { content: both("content"), ...(hasRefusal ? { refusal: both("refusal") } : {}) };
};

const choiceOf = (index: number, draft: Draft): ChatChoice => {
  const { message, calls, finish, native, logprobs } = draft;
  if (finish === null) throw connectionError("The stream ended before the answer did.");
  const ordered = [...calls].sort(([a], [b]) => a - b).map(([, call]) => callOf(call));
  // Whole answers that are silent beside calls or a refusal say `null`.
  const isSilent = message.content === "" && (ordered.length > 0 || message.refusal !== undefined);
  return {
    index,
    message: {
      ...message,
      content: isSilent ? null : message.content,
      ...(ordered.length === 0 ? {} : { tool_calls: ordered }),
    },
    finish_reason: finish,
    logprobs,
    ...(native === undefined ? {} : { native_finish_reason: native }),
  };
};

/** The choices of chunks as they are in an answer that comes whole (docs/contract.md §14). */
export class ChatFold {
  readonly #drafts = new Map<number, Draft>();

  add({ choices }: ChatCompletionChunk): void {
    for (const choice of choices) {
      const draft = this.#drafts.get(choice.index) ?? newDraft();
      this.#drafts.set(choice.index, draft);
      addDelta(draft, choice.delta);
      draft.finish = choice.finish_reason ?? draft.finish;
      draft.native = choice.native_finish_reason ?? draft.native;
      if (choice.logprobs) draft.logprobs = joined(draft.logprobs, choice.logprobs);
    }
  }

  /** @throws APIConnectionError if one of them has not ended */
  choices(): readonly ChatChoice[] {
    return [...this.#drafts]
      .sort(([a], [b]) => a - b)
      .map(([index, draft]) => choiceOf(index, draft));
  }
}
