import {
  createHttpTransport,
  createRedactor,
  readDecodedReply,
  readRawReply,
  startCall,
} from "@pointsman/provider";
import type { AdapterOptions, AnswerWire, ProviderAdapter, ReadReply } from "@pointsman/provider";
import {
  createPassthroughResponsesDecoder,
  createResponsesStreamDecoder,
  decodeResponsesReply,
  readRawResponsesReply,
} from "@pointsman/translate";
import { encodeCall } from "./encode-call.ts";

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

const decodedWire: AnswerWire = {
  vendorCodes,
  readReply,
  createDecoder: () => createResponsesStreamDecoder(maker),
};
const rawWire: AnswerWire = {
  vendorCodes,
  readReply,
  createDecoder: createPassthroughResponsesDecoder,
};

/** Makes the adapter of a provider that speaks OpenAI's Responses wire. */
export const createResponsesAdapter = (
  options: AdapterOptions & { readonly baseUrl: string },
): ProviderAdapter => {
  const transport = createHttpTransport({
    baseUrl: options.baseUrl,
    connectMs: options.connectMs,
    ...(options.connections === undefined ? {} : { connections: options.connections }),
  });
  return {
    provider: options.provider,
    call: (call, sink) => {
      const encoded = encodeCall(call);
      return startCall(
        {
          ...encoded,
          wire: encoded.passthrough ? rawWire : decodedWire,
          stream: call.stream,
          choices: 1,
          // Made only where something failed.
          redact: (text) => createRedactor([call.credential.apiKey])(text),
        },
        transport,
        sink,
      );
    },
    close: () => transport.close(),
  };
};
