import type { UpstreamWire, Usage } from "@pointsman/core";
import type { Annotation, CacheMark, InputPart, OutputPart, TextPart } from "./content.ts";
import type { FinishReason } from "./stream-item.ts";

export type NeutralMessage =
  | {
      readonly role: "system" | "developer";
      readonly parts: readonly TextPart[];
      readonly name?: string;
    }
  | { readonly role: "user"; readonly parts: readonly InputPart[]; readonly name?: string }
  | { readonly role: "assistant"; readonly parts: readonly OutputPart[]; readonly name?: string }
  | {
      readonly role: "tool";
      /** Id of the call this answers. */
      readonly callId: string;
      readonly parts: readonly InputPart[];
      readonly isError?: boolean;
    };

/** A function the caller runs. */
export type NeutralTool = {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent = none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
  /**
   * Takes one text instead of JSON (Responses `custom`), in this format. Wires without such tools get a
   * function with one string parameter `input`.
   */
  readonly freeform?: { readonly format?: Readonly<Record<string, unknown>> };
};

/** A tool the provider runs, as its wire says it. */
export type HostedTool = {
  readonly wire: UpstreamWire;
  readonly type: string;
  readonly json: Readonly<Record<string, unknown>>;
};

export type ToolChoice =
  | { readonly kind: "auto" | "required" | "none" }
  | { readonly kind: "function"; readonly name: string };

export type ResponseFormat =
  | { readonly kind: "text" | "json_object" }
  | {
      readonly kind: "json_schema";
      readonly name: string;
      readonly schema: Readonly<Record<string, unknown>>;
      readonly description?: string;
      readonly strict?: boolean;
    };

/** `off` = do not reason; `none` on the wire means the same. */
export type ReasoningEffort = "off" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** Sampling parameters, absent = the provider's default. */
export type Sampling = {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly minP?: number;
  readonly topA?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly repetitionPenalty?: number;
  readonly seed?: number;
  readonly logitBias?: Readonly<Record<string, number>>;
};

/** What a caller asks of a model, on whatever surface it was asked. */
export type NeutralRequest = {
  readonly messages: readonly NeutralMessage[];
  readonly tools: readonly NeutralTool[];
  /** @default none */
  readonly hostedTools?: readonly HostedTool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly reasoningEffort?: ReasoningEffort;
  /** Thinking budget in tokens, where the surface names one. */
  readonly reasoningBudgetTokens?: number;
  /** The model decides for itself how long it thinks (Messages `thinking: adaptive`). */
  readonly adaptiveReasoning?: boolean;
  /** Summaries of the reasoning are wanted (Responses). */
  readonly reasoningSummary?: "auto" | "concise" | "detailed";
  /** Reasoning must come back in a form that can be resent (Responses `include`). */
  readonly wantsEncryptedReasoning?: boolean;
  /** Reasoning is used and billed, but not returned. */
  readonly excludeReasoning: boolean;
  readonly sampling: Sampling;
  /** Cap on output tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  readonly stop: readonly string[];
  /** Answers wanted. @default 1 */
  readonly n?: number;
  readonly logprobs?: boolean;
  readonly topLogprobs?: number;
  readonly user?: string;
  readonly safetyIdentifier?: string;
  readonly promptCacheKey?: string;
  readonly promptCacheRetention?: string;
  readonly verbosity?: string;
  /** Most calls of hosted tools. */
  readonly maxToolCalls?: number;
  /** A wish to cache the whole prompt, wherever its end is. */
  readonly cache?: CacheMark;
  /** Hosted web search, with the options of the chat wire. */
  readonly webSearch?: Readonly<Record<string, unknown>>;
  /** The caller used `functions`: answers carry a mirror in the legacy form. */
  readonly legacyFunctions: boolean;
  /** Blocks meant for one provider each, as the caller sent them. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** Top-level fields that only the caller's own wire knows, for providers that speak it. */
  readonly native?: {
    readonly wire: UpstreamWire;
    readonly fields: Readonly<Record<string, unknown>>;
  };
};

/** One of the answers of a reply. */
export type NeutralChoice = {
  readonly index: number;
  readonly parts: readonly OutputPart[];
  readonly annotations?: readonly Annotation[];
  readonly finish: FinishReason;
  /** The provider's own word; `null` if it is the same as `finish`. */
  readonly native: string | null;
  /** The caller's stop sequence that ended the answer, where the provider tells. */
  readonly stopSequence?: string;
  /** Logprobs object of the chat wire, `null` if there is none. */
  readonly logprobs: unknown;
};

/** A whole answer. */
export type NeutralReply = {
  /** The provider's id, `null` if it gave none. */
  readonly id: string | null;
  /** The provider's own (dated) model id. */
  readonly model: string | null;
  /** Unix seconds. */
  readonly createdSeconds: number | null;
  readonly choices: readonly NeutralChoice[];
  /** `null` = not reported, which is not zero. */
  readonly usage: Usage | null;
  readonly systemFingerprint?: string;
  readonly serviceTier?: string;
};
