import {
  createHttpTransport,
  createRedactor,
  readDecodedReply,
  readRawReply,
  startCall,
} from "@pointsman/provider";
import type {
  AdapterFactory,
  AdapterOptions,
  AnswerWire,
  ProviderAdapter,
  ReadReply,
} from "@pointsman/provider";
import {
  createMessagesStreamDecoder,
  createPassthroughMessagesDecoder,
  decodeMessagesReply,
  readRawMessagesReply,
} from "@pointsman/translate";
import { countTokens } from "./count-tokens.ts";
import { encodeCall } from "./encode-call.ts";

const defaultBaseUrl = "https://api.anthropic.com/v1";

/** https://docs.anthropic.com/en/api/errors */
const vendorCodes = {
  not_found_error: "model_unavailable",
  request_too_large: "bad_request",
  billing_error: "auth_error",
} as const;

const readReply = (body: Buffer, raw: boolean): ReadReply =>
  raw ? readRawReply(body, readRawMessagesReply) : readDecodedReply(body, decodeMessagesReply);

const decodedWire: AnswerWire = {
  vendorCodes,
  readReply,
  createDecoder: createMessagesStreamDecoder,
};
const rawWire: AnswerWire = {
  keepsFiltered: true,
  vendorCodes,
  readReply,
  createDecoder: createPassthroughMessagesDecoder,
};

/** Makes the adapter of a provider that speaks Anthropic's Messages wire. */
export const createAnthropicAdapter: AdapterFactory = (
  options: AdapterOptions,
): ProviderAdapter => {
  const transport = createHttpTransport({
    baseUrl: options.baseUrl ?? defaultBaseUrl,
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
    countTokens: (call) => countTokens(transport, call),
    close: () => transport.close(),
  };
};
