import type { UpstreamWire } from "@pointsman/core";

/** A caller's own wish to cache the prompt up to here. */
export type CacheMark = { readonly ttl?: "5m" | "1h" };

/** A mark after the message of an index; −1 = after the tools. */
export type PlacedMark = { readonly after: number; readonly ttl: "5m" | "1h" };

/**
 * Who made an opaque piece (a signature, encrypted or redacted reasoning) and alone can read it: a model
 * family such as `anthropic`, `google`, `openai`, `xai`.
 */
export type Maker = string;

export type TextPart = {
  readonly kind: "text";
  readonly text: string;
  readonly cache?: CacheMark;
  /** Opaque mark of a text that came out (Gemini's); goes back with it. */
  readonly signature?: string;
  /** Who made `signature`. */
  readonly maker?: Maker;
  /** What the text is for, where a wire says so (Responses). */
  readonly phase?: "commentary" | "final_answer";
};

/** An image going in: an `https:` or `data:` URL. */
export type ImageUrlPart = {
  readonly kind: "image_url";
  readonly url: string;
  readonly detail?: "auto" | "low" | "high";
  readonly cache?: CacheMark;
};

export type FilePart = {
  readonly kind: "file";
  /** `data:` URL or base64, as the caller gave it. */
  readonly data?: string;
  readonly filename?: string;
  /** Name of a file kept at the provider, or a URL. */
  readonly reference?: string;
  readonly cache?: CacheMark;
};

export type AudioPart = {
  readonly kind: "audio";
  /** Base64. */
  readonly data: string;
  readonly format: string;
  readonly cache?: CacheMark;
};

/** A block that only one wire knows; goes as it is to that wire, to no other. */
export type NativePart = {
  readonly kind: "native";
  readonly wire: UpstreamWire;
  readonly json: Readonly<Record<string, unknown>>;
};

export type InputPart = TextPart | ImageUrlPart | FilePart | AudioPart | NativePart;

/**
 * Thinking, closed by an opaque signature that must come back unchanged. A signature may stand without
 * text: Anthropic's hidden thinking, and the encrypted content of Responses.
 */
export type ReasoningPart = {
  readonly kind: "reasoning";
  readonly text: string;
  readonly signature?: string;
  /** Who made `signature`; absent = unsigned, or nobody knows. */
  readonly maker?: Maker;
  /** Id of the reasoning item, where a wire has one. */
  readonly id?: string;
};

/** Thinking that the provider shows only as opaque data. */
export type RedactedReasoningPart = {
  readonly kind: "reasoning_redacted";
  readonly data: string;
  readonly maker?: Maker;
};

export type ToolCallPart = {
  readonly kind: "tool_call";
  readonly id: string;
  readonly name: string;
  /** JSON text, `{}` for no arguments. Of a freeform tool: `{"input":"…"}`. */
  readonly arguments: string;
  readonly cache?: CacheMark;
  /** Opaque; goes back with the call. */
  readonly signature?: string;
  /** Who made `signature`. */
  readonly maker?: Maker;
};

export type RefusalPart = { readonly kind: "refusal"; readonly text: string };

/** An image coming out. */
export type ImagePart = {
  readonly kind: "image";
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
  readonly signature?: string;
  /** Who made `signature`. */
  readonly maker?: Maker;
};

/** What an assistant says, in the order it was said. `native` = calls and results of the provider's own tools. */
export type OutputPart =
  | TextPart
  | ReasoningPart
  | RedactedReasoningPart
  | ToolCallPart
  | RefusalPart
  | ImagePart
  | NativePart;

/** What a text rests on. Places are UTF-16 offsets into all text of the choice. */
export type Annotation =
  | {
      readonly kind: "url_citation";
      readonly url: string;
      readonly title?: string;
      readonly start?: number;
      readonly end?: number;
    }
  /** As one wire says it; goes to that wire only. */
  | {
      readonly kind: "native";
      readonly wire: UpstreamWire;
      readonly json: Readonly<Record<string, unknown>>;
    };
