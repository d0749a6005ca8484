import type { Offering, OutcomeKind, Usage } from "@pointsman/core";
import type {
  CallerRequest,
  Loss,
  PlacedMark,
  ProviderErrorInfo,
  ProviderReply,
  StreamItem,
} from "@pointsman/translate";

/** An account's secret, as an adapter needs it. */
export type ProviderCredential = { readonly id: string; readonly apiKey: string };

/** What a call may do for a provider's prompt cache, unless the caller says so itself. */
export type ProviderCaching = {
  /** Where marks of an explicit cache are worth their price, in order. */
  readonly marks: readonly PlacedMark[];
  /** Names the conversation; the same for each of its turns, says nothing of its content. */
  readonly conversationId: () => string;
  /** Nothing may be kept beyond what the request needs. */
  readonly zeroRetention: boolean;
};

/** One attempt at one offering. */
export type ProviderCall = {
  readonly request: CallerRequest;
  readonly offering: Offering;
  readonly credential: ProviderCredential;
  readonly stream: boolean;
  /** Cap on output tokens to send instead of the caller's own; `null` = the caller's. */
  readonly maxOutputTokens: number | null;
  /** What can be done so that the provider's cache helps; `null` = nothing. @default null */
  readonly caching?: ProviderCaching | null;
};

/** Why an attempt failed; nothing in it may hold a secret. */
export type ProviderFailure = {
  readonly outcome: OutcomeKind;
  /** HTTP status, `null` if none came. */
  readonly status: number | null;
  /** Redacted, fit to be shown to the caller. */
  readonly message: string;
  /** The provider's wish, ms from now; `null` = it said nothing. */
  readonly retryAfterMs: number | null;
  /** What the provider said, redacted; `null` if it said nothing readable. */
  readonly error: ProviderErrorInfo | null;
  /** A kept-alive connection was reset before any byte of the answer: free to repeat at once. */
  readonly staleConnection: boolean;
};

/** How a call ended. */
export type CallEnd =
  | {
      readonly ok: true;
      /** The whole answer of a call that did not stream, else `null`. */
      readonly reply: ProviderReply | null;
      /** `null` = the provider reported none. */
      readonly usage: Usage | null;
      readonly losses: readonly Loss[];
    }
  | { readonly ok: false; readonly failure: ProviderFailure; readonly usage: Usage | null };

/** Receives what a call brings, never before `call` has returned. No method may throw. */
export interface CallSink {
  /** Steps of a streamed answer, in order; the array is reused after the call returns. */
  items(items: readonly StreamItem[]): void;
  /** Exactly once, last. Never after `abort`. */
  end(end: CallEnd): void;
}

/** A running call. */
export interface CallHandle {
  /** Stops it: the connection is closed, the sink hears nothing more. Idempotent. */
  abort(): void;
  /** Stops reading until `resume`, for a caller who reads slowly. */
  pause(): void;
  resume(): void;
}

/** Whether a provider takes a key; `unreachable` = it did not say. */
export type KeyCheck = "valid" | "refused" | "unreachable";

/** Speaks one provider's wire. Holds connections, no routing knowledge, no timers but connect. */
export interface ProviderAdapter {
  readonly provider: string;
  call(call: ProviderCall, sink: CallSink): CallHandle;
  /** Whether the provider fetches images that are named by URL. @default true */
  takesImageUrls?(offering: Offering): boolean;
  /** The provider's own count of a prompt, free of charge; `null` = it could not be had. Never rejects. */
  countTokens?(call: ProviderCall): Promise<number | null>;
  /** Asks the provider, free of charge, whether it takes a key. Never rejects. */
  checkKey?(apiKey: string): Promise<KeyCheck>;
  /** Ends idle connections; running calls finish first. */
  close(): Promise<void>;
}

/** What a factory needs to make the adapter of one configured provider. */
export type AdapterOptions = {
  readonly provider: string;
  /** Version included, no slash at the end: `https://api.openai.com/v1`; `null` = the preset's. */
  readonly baseUrl: string | null;
  /** Name of a data preset; `null` = the one of the provider's own name, else the generic one. */
  readonly preset: string | null;
  readonly connectMs: number;
  /** Most connections kept to it. @default 256 */
  readonly connections?: number;
};

/** Makes adapters of one `kind`. */
export type AdapterFactory = (options: AdapterOptions) => ProviderAdapter;
