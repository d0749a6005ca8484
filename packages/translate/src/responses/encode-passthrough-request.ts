import { stringifyAscii } from "../bytes/raw-body.ts";
import type { OutputPart } from "../neutral/content.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { CallerRequest } from "../request/caller-request.ts";
import { spliceBody } from "../request/splice-body.ts";
import { ownMaker } from "./responses-dialect.ts";
import { responsesRequestFields } from "./responses-request-schema.ts";

export type PassthroughResponsesOptions = {
  /** The provider's own name of the model. */
  readonly model: string;
  /** Cap to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** Top-level fields the offering does not take. */
  readonly dropFields: readonly string[];
  /** Raw JSON by field, in ASCII, written over the caller's. @default none */
  readonly setFields?: Readonly<Record<string, string>>;
};

/** Ours alone, or of no use upstream. */
const replacedFields: ReadonlySet<string> = new Set([
  "gateway",
  "extensions",
  "metadata",
  "background",
]);

/** Reasoning without its encrypted content is looked up where nothing is stored, and not found. */
const isOwn = (part: OutputPart): boolean =>
  part.kind === "reasoning"
    ? part.signature !== undefined && part.maker === ownMaker
    : !("maker" in part) || part.maker === undefined || part.maker === ownMaker;

/**
 * Whether the bytes of this request mean the same to OpenAI: all reasoning in it is its own and whole,
 * nothing was sealed here for another maker, no effort is a word of ours, and there are no extensions to merge.
 */
export const canPassResponses = (request: NeutralRequest): boolean =>
  Object.keys(request.extensions).length === 0 &&
  request.reasoningEffort !== "off" &&
  request.reasoningEffort !== "max" &&
  request.messages.every(
    (message) => message.role !== "assistant" || message.parts.every((part) => isOwn(part)),
  );

/** The upstream body as byte text, cut and pasted from the caller's: items are copied byte for byte. */
export const encodePassthroughResponsesRequest = (
  request: CallerRequest,
  options: PassthroughResponsesOptions,
): string => {
  const cap = options.maxOutputTokens;
  return spliceBody(request, {
    fields: responsesRequestFields,
    replaced: replacedFields,
    dropped: options.dropFields,
    set: {
      model: stringifyAscii(options.model),
      store: "false",
      ...(cap === null ? {} : { max_output_tokens: String(cap) }),
      ...options.setFields,
    },
  });
};
