import { createWireAdapter, readDecodedReply, readRawReply } from "@pointsman/provider";
import type { AdapterOptions, ProviderAdapter, ReadReply } from "@pointsman/provider";
import {
  createPassthroughResponsesDecoder,
  createResponsesStreamDecoder,
  decodeResponsesReply,
  readRawResponsesReply,
} from "@pointsman/translate";
import { encodeCall, headersOf } from "./encode-call.ts";

const maker = "openai";

/** https://platform.openai.com/docs/guides/error-codes and the `error` events of a stream. */
const vendorCodes = {
  server_error: "server_error",
  vector_store_timeout: "server_error",
  invalid_prompt: "content_filtered",
  cyber_policy: "content_filtered",
} as const;

const readReply = (body: Buffer, raw: boolean): ReadReply =>
  raw
    ? readRawReply(body, readRawResponsesReply)
    : readDecodedReply(body, (json) => decodeResponsesReply(json, maker));

/** Makes the adapter of a provider that speaks OpenAI's Responses wire. */
export const createResponsesAdapter = (
  options: AdapterOptions & { readonly baseUrl: string },
): ProviderAdapter =>
  createWireAdapter(options, {
    encode: encodeCall,
    headersOf,
    raw: { vendorCodes, readReply, createDecoder: createPassthroughResponsesDecoder },
    decoded: { vendorCodes, readReply, createDecoder: () => createResponsesStreamDecoder(maker) },
  });
