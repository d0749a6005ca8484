import type { Usage } from "@pointsman/core";
import type { ProviderErrorInfo, ProviderReply, StreamDecoder } from "@pointsman/translate";
import type { VendorCodes } from "../failure/outcome-of-error.ts";

/** A body under 200: an answer, an error told within it, or neither. */
export type ReadReply =
  | { readonly kind: "answer"; readonly reply: ProviderReply; readonly usage: Usage | null }
  | { readonly kind: "told"; readonly error: ProviderErrorInfo }
  | { readonly kind: "broken"; readonly message: string };

/** How the answers of one wire, as one vendor speaks it, are read. */
export type AnswerWire = {
  createDecoder(): StreamDecoder;
  /** Reads a whole answer; `raw` = its bytes may go out as they are, so they are kept. */
  readReply(body: Buffer, raw: boolean): ReadReply;
  /**
   * An answer that was filtered before it said anything is handed on as it is: its wire's own callers
   * know it. @default false
   */
  readonly keepsFiltered?: boolean;
  /** Meanings of the vendor's own error codes. */
  readonly vendorCodes: VendorCodes;
};
