export { AdapterOptionsError } from "./adapter-options-error.ts";
export type {
  AdapterFactory,
  AdapterOptions,
  CallEnd,
  CallHandle,
  CallSink,
  KeyCheck,
  ProviderAdapter,
  ProviderCaching,
  ProviderCall,
  ProviderCredential,
  ProviderFailure,
} from "./adapter.ts";
export { startCall } from "./call/running-call.ts";
export type { CallPlan } from "./call/running-call.ts";
export { createAccountHeaders } from "./call/account-headers.ts";
export type { AccountHeaders } from "./call/account-headers.ts";
export { conversationParts, retainingModels, toJsonFields } from "./call/conversation.ts";
export type { ConversationHint, ConversationParts } from "./call/conversation.ts";
export { sendOnce } from "./call/send-once.ts";
export type { SmallAnswer } from "./call/send-once.ts";
export { createWireAdapter } from "./call/create-adapter.ts";
export type { EncodedCall, WireSpec } from "./call/create-adapter.ts";
export { readDecodedReply, readRawReply } from "./call/read-decoded.ts";
export type { AnswerWire, ReadReply } from "./call/answer-wire.ts";
export { classifyFailure, classifyToldError, redactError } from "./failure/classify-failure.ts";
export type { FailedAnswer } from "./failure/classify-failure.ts";
export { classifyNetworkError } from "./failure/classify-network-error.ts";
export { readErrorBody } from "./failure/error-body.ts";
export type { VendorCodes } from "./failure/outcome-of-error.ts";
export { createRedactor } from "./failure/redact.ts";
export type { Redactor } from "./failure/redact.ts";
export { parseRetryAfter, retryInfoFromBody } from "./failure/retry-after.ts";
export type { ResponseHeaders } from "./failure/retry-after.ts";
export { createBodyCollector, maxErrorBytes, maxReplyBytes } from "./http/body-collector.ts";
export type { BodyCollector } from "./http/body-collector.ts";
export type { HttpExchange, HttpHandler } from "./http/exchange.ts";
export { createImageFetcher, ImageFetchError } from "./http/fetch-image.ts";
export type { FetchedImage, ImageFetcher, ImageFetcherOptions } from "./http/fetch-image.ts";
export { createHttpTransport } from "./http/transport.ts";
export type { HttpRequest, HttpTransport, HttpTransportOptions } from "./http/transport.ts";
export { isRecord, parseJson } from "./json.ts";
export type { JsonRecord } from "./json.ts";
export { userAgent, version } from "./version.ts";
