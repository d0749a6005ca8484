import type { Usage } from "@pointsman/core";
import type { GatewayError } from "../errors/gateway-error.ts";
import type { Loss } from "../neutral/loss.ts";
import type { NeutralReply } from "../neutral/request.ts";
import type { StreamItem } from "../neutral/stream-item.ts";

/** What every answer on a surface is written with. */
export type AnswerOptions = {
  /** Id for the answer where the provider gave none, or where the surface makes its own. */
  readonly id: string;
  /** Unix seconds, where the provider gave none. */
  readonly createdSeconds: number;
  /** The provider's name of the model, where its answer gave none. */
  readonly model: string;
  /** Leave out all reasoning. */
  readonly excludeReasoning: boolean;
  /** Whole answers carry signed reasoning as blocks (chat). @default true */
  readonly reasoningBlocks?: boolean;
  /** Mirror the first call in the legacy form (chat). */
  readonly legacyFunctions: boolean;
};

/** What an error may name. */
export type ErrorContext = { readonly docsBaseUrl: string; readonly requestId: string };

/** What the end of an answer that failed may tell. */
export type FailureClose = ErrorContext & {
  /** What was done until then; `null` = nothing was tried. */
  readonly routingMetadata: unknown;
};

/** What an answer closes with. */
export type AnswerClose = {
  readonly usage: Usage;
  /** Renders the metadata; `losses` are what this surface could not carry of the answer. */
  readonly routingMetadata: (losses: readonly Loss[]) => unknown;
};

/**
 * Writes one streamed answer in a caller's wire, as SSE text. It reads the answer's identity from `head`
 * items. Beside `raw` items, whose bytes go out as they are, the others only inform.
 */
export interface StreamEncoder {
  /** Events for these items; `""` = none. `usage`, `error` and `malformed` write nothing. */
  items(items: readonly StreamItem[]): string;
  /**
   * From here on items are written again, though `raw` ones went before: another provider goes on with
   * the answer whose bytes these are, all that went out. Head, open blocks and counters stay.
   */
  resume(raw: readonly Uint8Array[]): void;
  /** The events that end a whole answer. */
  end(close: AnswerClose): string;
  /** The event that ends an answer which failed after it began. */
  fail(error: GatewayError, close: FailureClose): string;
}

/** Writes a whole answer in a caller's wire. */
export type EncodeReply = (
  reply: NeutralReply,
  close: AnswerClose,
) => Readonly<Record<string, unknown>>;
