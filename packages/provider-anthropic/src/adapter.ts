import { createWireAdapter, readDecodedReply, readRawReply } from "@pointsman/provider";
import type { AdapterFactory, ReadReply } from "@pointsman/provider";
import {
  createMessagesStreamDecoder,
  createPassthroughMessagesDecoder,
  decodeMessagesReply,
  readRawMessagesReply,
} from "@pointsman/translate";
import { countTokens } from "./count-tokens.ts";
import { encodeCall, headersOf } from "./encode-call.ts";

const defaultBaseUrl = "https://api.anthropic.com/v1";

/** https://docs.anthropic.com/en/api/errors */
const vendorCodes = {
  not_found_error: "model_unavailable",
  request_too_large: "bad_request",
  billing_error: "auth_error",
} as const;

const readReply = (body: Buffer, raw: boolean): ReadReply =>
  raw ? readRawReply(body, readRawMessagesReply) : readDecodedReply(body, decodeMessagesReply);

/** Makes the adapter of a provider that speaks Anthropic's Messages wire. */
export const createAnthropicAdapter: AdapterFactory = (options) =>
  createWireAdapter(
    { ...options, baseUrl: options.baseUrl ?? defaultBaseUrl },
    {
      encode: encodeCall,
      headersOf,
      raw: {
        keepsFiltered: true,
        vendorCodes,
        readReply,
        createDecoder: createPassthroughMessagesDecoder,
      },
      decoded: { vendorCodes, readReply, createDecoder: createMessagesStreamDecoder },
      countTokens,
    },
  );
