/** A caller's own wish to cache the prompt up to here. */
export type CacheMark = { readonly ttl?: "5m" | "1h" };

export type TextPart = {
  readonly kind: "text";
  readonly text: string;
  readonly cache?: CacheMark;
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

export type InputPart = TextPart | ImageUrlPart | FilePart | AudioPart;

/** Visible thinking, closed by an opaque signature that must come back unchanged. */
export type ReasoningPart = {
  readonly kind: "reasoning";
  readonly text: string;
  readonly signature?: string;
  /** Opaque content that stands for the text (Responses `encrypted_content`). */
  readonly encrypted?: string;
  /** Id of the reasoning item, where a wire has one. */
  readonly id?: string;
};

/** Thinking that the provider shows only as opaque data. */
export type RedactedReasoningPart = { readonly kind: "reasoning_redacted"; readonly data: string };

export type ToolCallPart = {
  readonly kind: "tool_call";
  readonly id: string;
  readonly name: string;
  /** JSON text, `{}` for no arguments. */
  readonly arguments: string;
  /** Opaque; goes back with the call. */
  readonly signature?: string;
};

export type RefusalPart = { readonly kind: "refusal"; readonly text: string };

/** An image coming out. */
export type ImagePart = {
  readonly kind: "image";
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
  readonly signature?: string;
};

/** What an assistant says, in the order it was said. */
export type OutputPart =
  | TextPart
  | ReasoningPart
  | RedactedReasoningPart
  | ToolCallPart
  | RefusalPart
  | ImagePart;
