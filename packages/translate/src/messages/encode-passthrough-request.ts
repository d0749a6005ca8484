import { stringifyAscii } from "../bytes/raw-body.ts";
import type { OutputPart } from "../neutral/content.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { CallerRequest } from "../request/caller-request.ts";
import { spliceBody } from "../request/splice-body.ts";
import { messagesRequestFields } from "./messages-request-schema.ts";
import { ownMaker } from "./slots.ts";
import { isToolId } from "./tool-ids.ts";

export type PassthroughMessagesOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  readonly stream: boolean;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** Top-level fields the offering does not take. */
  readonly dropFields: readonly string[];
  /** Raw JSON by field, in ASCII, written over the caller's. @default none */
  readonly setFields?: Readonly<Record<string, string>>;
};

const replacedFields: ReadonlySet<string> = new Set(["gateway", "extensions", "stream"]);

/** Whether a piece was made by somebody else than Anthropic, or has a call id it would refuse. */
const isForeign = (part: OutputPart): boolean => {
  switch (part.kind) {
    case "reasoning":
      // Thinking that nobody signed is refused.
      return part.signature === undefined || part.maker !== ownMaker;
    case "reasoning_redacted":
      return part.maker !== ownMaker;
    case "tool_call":
      return part.signature !== undefined || !isToolId(part.id);
    case "text":
      return part.signature !== undefined;
    default:
      return false;
  }
};

/**
 * Whether the bytes of this request mean the same to Anthropic: nothing in it was made by another model,
 * and there are no extensions to merge.
 */
export const canPassMessages = (request: NeutralRequest): boolean =>
  Object.keys(request.extensions).length === 0 &&
  request.messages.every(
    (message) => message.role !== "assistant" || !message.parts.some(isForeign),
  );

/** The upstream body as byte text, cut and pasted from the caller's: messages are copied byte for byte. */
export const encodePassthroughMessagesRequest = (
  request: CallerRequest,
  options: PassthroughMessagesOptions,
): string => {
  const cap = options.maxOutputTokens;
  return spliceBody(request, {
    fields: messagesRequestFields,
    replaced: replacedFields,
    dropped: options.dropFields,
    set: {
      model: stringifyAscii(options.model),
      ...(options.stream ? { stream: "true" } : {}),
      ...(cap === null ? {} : { max_tokens: String(cap) }),
      ...options.setFields,
    },
  });
};
