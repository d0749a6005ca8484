import { connectionError } from "../errors.ts";
import type { Answer } from "../http/transport.ts";
import type {
  ChatAnswerMessage,
  ChatChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatDelta,
  ChatUsage,
  ToolCall,
} from "../types/chat.ts";
import { EventStream, hasError } from "./event-stream.ts";

type Draft = {
  message: ChatAnswerMessage;
  calls: Map<number, ToolCall>;
  finish: ChatChoice["finish_reason"] | null;
  native: string | undefined;
  thinking: string;
};

const newDraft = (): Draft => ({
  message: { role: "assistant", content: null },
  calls: new Map(),
  finish: null,
  native: undefined,
  thinking: "",
});

const addCalls = (calls: Draft["calls"], deltas: NonNullable<ChatDelta["tool_calls"]>): void => {
  for (const { index, id, function: named, provider_signature: signature } of deltas) {
    const call = calls.get(index) ?? {
      id: id ?? "",
      type: "function",
      function: { name: "", arguments: "" },
    };
    call.id ||= id ?? "";
    call.function.name += named?.name ?? "";
    call.function.arguments += named?.arguments ?? "";
    if (signature !== undefined) call.provider_signature = signature;
    calls.set(index, call);
  }
};

const addReasoning = (draft: Draft, delta: ChatDelta): void => {
  const { message } = draft;
  if (delta.reasoning_content !== undefined) {
    message.reasoning_content = (message.reasoning_content ?? "") + delta.reasoning_content;
    draft.thinking += delta.reasoning_content;
  }
  if (delta.reasoning_signature !== undefined) {
    const signature = delta.reasoning_signature;
    (message.reasoning ??= []).push({ type: "thinking", thinking: draft.thinking, signature });
    draft.thinking = "";
  }
  if (delta.reasoning_redacted_data !== undefined) {
    (message.reasoning ??= []).push({ type: "redacted", data: delta.reasoning_redacted_data });
  }
};

const add = (draft: Draft, delta: ChatDelta): void => {
  const { message } = draft;
  if (typeof delta.content === "string") message.content = (message.content ?? "") + delta.content;
  if (typeof delta.refusal === "string") message.refusal = (message.refusal ?? "") + delta.refusal;
  if (delta.tool_calls !== undefined) addCalls(draft.calls, delta.tool_calls);
  if (delta.images !== undefined) (message.images ??= []).push(...delta.images);
  addReasoning(draft, delta);
};

const choiceOf = (index: number, { message, calls, finish, native }: Draft): ChatChoice => {
  if (finish === null) throw connectionError("The stream ended before the answer did.");
  const ordered = [...calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  return {
    index,
    message: ordered.length === 0 ? message : { ...message, tool_calls: ordered },
    finish_reason: finish,
    logprobs: null,
    ...(native === undefined ? {} : { native_finish_reason: native }),
  };
};

/** A streamed chat completion. */
export class ChatStream extends EventStream<ChatCompletionChunk> {
  #usage: ChatUsage | null = null;

  constructor(answer: Answer) {
    super(answer, {
      // `[DONE]` alone proves nothing of the answer: its finish does.
      isEnd: ({ choices }) => choices.some(({ finish_reason }) => finish_reason !== null),
      isError: hasError,
      routingMetadataOf: ({ routing_metadata }) => routing_metadata,
    });
  }

  /** The last that came; `null` = none yet. */
  get usage(): ChatUsage | null {
    return this.#usage;
  }

  protected override seen({ usage }: ChatCompletionChunk): void {
    if (usage) this.#usage = usage;
  }

  /** Reads the rest, and gives the answer as if it had been asked for whole. */
  async final(): Promise<ChatCompletion> {
    let head: ChatCompletionChunk | undefined;
    const drafts = new Map<number, Draft>();
    for await (const chunk of this) {
      head ??= chunk;
      for (const { index, delta, finish_reason, native_finish_reason } of chunk.choices) {
        const draft = drafts.get(index) ?? newDraft();
        drafts.set(index, draft);
        add(draft, delta);
        draft.finish = finish_reason ?? draft.finish;
        draft.native = native_finish_reason ?? draft.native;
      }
    }
    const { usage, routing_metadata } = this;
    if (head === undefined || usage === null || routing_metadata === null) {
      throw connectionError("The stream ended without usage and routing metadata.");
    }
    return {
      id: head.id,
      object: "chat.completion",
      created: head.created,
      model: head.model,
      choices: [...drafts].sort(([a], [b]) => a - b).map(([at, draft]) => choiceOf(at, draft)),
      usage,
      ...(head.system_fingerprint === undefined
        ? {}
        : { system_fingerprint: head.system_fingerprint }),
      ...(head.service_tier === undefined ? {} : { service_tier: head.service_tier }),
      routing_metadata,
    };
  }
}
