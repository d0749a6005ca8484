import { stringifyAscii } from "../bytes/raw-body.ts";
import type { CallerRequest } from "../request/caller-request.ts";
import { spliceBody } from "../request/splice-body.ts";
import type { ChatMessage } from "./chat-message-schema.ts";
import type { ChatRequest } from "./chat-request-schema.ts";
import { chatRequestFields } from "./chat-request-schema.ts";

export type PassthroughRequestOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly stream: boolean;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  /** Top-level fields the offering does not take. */
  readonly dropFields: readonly string[];
  /** Raw JSON by field, in ASCII, written over the caller's. @default none */
  readonly setFields?: Readonly<Record<string, string>>;
};

/** Ours alone, or written anew. */
const replacedFields: ReadonlySet<string> = new Set([
  "gateway",
  "extensions",
  "reasoning",
  "max_tokens",
  "max_completion_tokens",
  "stream",
  "stream_options",
]);

type AssistantMessage = Extract<ChatMessage, { role: "assistant" }>;

const isEmptyList = (content: AssistantMessage["content"]): boolean =>
  Array.isArray(content) && content.length === 0;

/** Carries opaque marks, which only their maker's own wire has a place for. */
const isSigned = ({ provider_signature: whole, tool_calls: calls }: AssistantMessage): boolean =>
  (whole ?? null) !== null ||
  (calls ?? []).some((call) => (call.provider_signature ?? null) !== null);

/** Legal here, not at every provider: an assistant message with no content and no call. */
const isHollow = ({ content, tool_calls }: AssistantMessage): boolean =>
  (content === null || content === undefined || content.length === 0) &&
  (tool_calls ?? []).length === 0;

/**
 * Whether the bytes of this request mean the same to a provider of the canonical wire. If not, it
 * goes through the codec: legacy functions (whose answers need a mirror), reasoning that is to be
 * hidden, words and parts that are ours alone.
 */
export const canPassThrough = (chat: ChatRequest): boolean =>
  chat.functions === undefined &&
  chat.function_call === undefined &&
  chat.reasoning?.exclude !== true &&
  chat.reasoning_effort !== "off" &&
  chat.reasoning_effort !== "max" &&
  chat.extensions === undefined &&
  chat.messages.every((message) => {
    if (message.role === "function") return false;
    if (message.role !== "assistant") return true;
    const ours =
      (message.reasoning ?? null) !== null ||
      (message.function_call ?? null) !== null ||
      isSigned(message);
    return !ours && !isHollow(message) && !isEmptyList(message.content);
  });

/**
 * The upstream body as byte text, cut and pasted from the caller's: model replaced, our own fields and
 * all that the offering does not take cut, usage in streams asked for, the token cap under the name the
 * model wants. Messages are copied byte for byte.
 */
export const encodePassthroughChatRequest = (
  request: CallerRequest,
  options: PassthroughRequestOptions,
): string => {
  const cap = options.maxOutputTokens ?? request.outline.maxOutputTokens;
  const set: Record<string, string> = { model: stringifyAscii(options.model) };
  if (cap !== undefined) set[options.maxTokensField] = String(cap);
  if (options.stream) {
    set["stream"] = "true";
    set["stream_options"] = '{"include_usage":true}';
  }
  return spliceBody(request, {
    fields: chatRequestFields,
    replaced: replacedFields,
    dropped: options.dropFields,
    set: options.setFields === undefined ? set : { ...set, ...options.setFields },
  });
};
