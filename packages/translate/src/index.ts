export type { CallerRequest, ReadRequest, RequestOutline } from "./request/caller-request.ts";
export { extensionsFor, mergeUnder } from "./request/extensions.ts";
export type { ExtensionFields } from "./request/extensions.ts";
export { readChatRequest } from "./chat/read-chat-request.ts";
export { createRawBody } from "./bytes/raw-body.ts";
export type { RawBody } from "./bytes/raw-body.ts";

export { isContent } from "./neutral/stream-item.ts";
export type {
  FinishReason,
  ProviderErrorInfo,
  StreamDecoder,
  StreamItem,
} from "./neutral/stream-item.ts";
export { itemsOfReply } from "./neutral/reply-items.ts";
export type {
  AnswerClose,
  AnswerOptions,
  EncodeReply,
  ErrorContext,
  StreamEncoder,
} from "./surface/surface-encoder.ts";
export { hasCacheMarks } from "./neutral/cache-marks.ts";
export { withAnswerSoFar, withoutPassThrough } from "./neutral/answer-so-far.ts";
export { remoteImagesOf, withInlineImages } from "./neutral/inline-images.ts";
export { readSeal, writeSeal } from "./neutral/seal.ts";
export type { Seal, SealPlace } from "./neutral/seal.ts";
export type { Loss, WarningType } from "./neutral/loss.ts";
export { unsupportedParameter } from "./neutral/losses.ts";
export type { ProviderReply } from "./neutral/reply.ts";
export type {
  Annotation,
  AudioPart,
  CacheMark,
  PlacedMark,
  FilePart,
  ImagePart,
  ImageUrlPart,
  InputPart,
  Maker,
  NativePart,
  OutputPart,
  ReasoningPart,
  RedactedReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
} from "./neutral/content.ts";
export type {
  HostedTool,
  NeutralChoice,
  NeutralMessage,
  NeutralReply,
  NeutralRequest,
  NeutralTool,
  ReasoningEffort,
  ResponseFormat,
  Sampling,
  ToolChoice,
} from "./neutral/request.ts";

export { chatMessageSchema } from "./chat/chat-message-schema.ts";
export type { ChatMessage } from "./chat/chat-message-schema.ts";
export { chatRequestFields, chatRequestSchema } from "./chat/chat-request-schema.ts";
export type { ChatRequest } from "./chat/chat-request-schema.ts";
export {
  gatewayKeys,
  gatewayOptionsSchema,
  routingOptionsSchema,
} from "./request/gateway-options-schema.ts";
export type { GatewayOptions, RoutingOptions } from "./request/gateway-options-schema.ts";
export { parseChatRequest } from "./chat/parse-chat-request.ts";
export type { ParsedChatRequest } from "./chat/parse-chat-request.ts";

export { findSpan, scanTopLevel } from "./json/top-level-spans.ts";
export type { TopLevelSpan, TopLevelSpans } from "./json/top-level-spans.ts";
export { spliceObject } from "./json/splice-object.ts";
export type { ObjectEdits } from "./json/splice-object.ts";
export { canPassThrough, encodePassthroughChatRequest } from "./chat/encode-passthrough-request.ts";
export type { PassthroughRequestOptions } from "./chat/encode-passthrough-request.ts";

export { canonicalChatDialect } from "./chat/chat-dialect.ts";
export type { ChatDialect } from "./chat/chat-dialect.ts";
export { callerMaxOutputTokens, decodeChatRequest } from "./chat/decode-request.ts";
export { encodeChatRequest } from "./chat/encode-request.ts";
export type { EncodeChatRequestOptions, EncodedChatRequest } from "./chat/encode-request.ts";
export { decodeChatReply } from "./chat/decode-reply.ts";
export type { DecodedReply, ReplyFailure } from "./neutral/decoded-reply.ts";
export { collectReply } from "./neutral/collect-reply.ts";
export type { CollectedReply } from "./neutral/collect-reply.ts";
export { encodeChatReply } from "./chat/encode-reply.ts";
export { finishRawChatReply, readRawChatReply } from "./chat/raw-reply.ts";
export type {
  FinishRawChatReplyOptions,
  RawChatReply,
  RawProviderReply,
} from "./chat/raw-reply.ts";
export { decodeChatUsage } from "./chat/decode-usage.ts";
export { renderUsage } from "./chat/render-usage.ts";
export type { ChatUsage } from "./chat/render-usage.ts";
export { decodeProviderError } from "./chat/provider-error.ts";
export { createChatStreamDecoder } from "./chat/decode-stream.ts";
export { createPassthroughChatDecoder } from "./chat/decode-passthrough-stream.ts";
export { createChatStreamEncoder } from "./chat/encode-stream.ts";

export type { MessagesDialect, MessagesThinking } from "./messages/messages-dialect.ts";
export { messagesRequestSchema } from "./messages/messages-request-schema.ts";
export type { MessagesRequest } from "./messages/messages-request-schema.ts";
export { parseMessagesRequest } from "./messages/parse-messages-request.ts";
export type { MessagesPurpose, ParsedMessagesRequest } from "./messages/parse-messages-request.ts";
export { readMessagesRequest } from "./messages/read-messages-request.ts";
export type { ReadMessagesOptions } from "./messages/read-messages-request.ts";
export { decodeMessagesRequest } from "./messages/decode-request.ts";
export { encodeMessagesRequest } from "./messages/encode-request.ts";
export type { EncodedMessagesRequest, EncodeMessagesOptions } from "./messages/encode-request.ts";
export { encodePassthroughMessagesRequest } from "./messages/encode-passthrough-request.ts";
export type { PassthroughMessagesOptions } from "./messages/encode-passthrough-request.ts";
export { decodeMessagesReply } from "./messages/decode-reply.ts";
export { createMessagesStreamDecoder } from "./messages/decode-stream.ts";
export { createPassthroughMessagesDecoder } from "./messages/decode-passthrough-stream.ts";
export { finishRawMessagesReply, readRawMessagesReply } from "./messages/raw-reply.ts";
export { decodeMessagesUsage } from "./messages/decode-usage.ts";
export { renderMessagesUsage } from "./messages/render-usage.ts";
export type { MessagesUsage } from "./messages/render-usage.ts";
export { encodeMessagesReply } from "./messages/encode-reply.ts";
export { createMessagesStreamEncoder } from "./messages/encode-stream.ts";

export { canonicalResponsesDialect } from "./responses/responses-dialect.ts";
export type { ResponsesDialect } from "./responses/responses-dialect.ts";
export { responsesRequestSchema } from "./responses/responses-request-schema.ts";
export type { ResponsesRequest } from "./responses/responses-request-schema.ts";
export { parseResponsesRequest } from "./responses/parse-responses-request.ts";
export type { ParsedResponsesRequest } from "./responses/parse-responses-request.ts";
export { readResponsesRequest } from "./responses/read-responses-request.ts";
export type { ReadResponsesRequest } from "./responses/read-responses-request.ts";
export { decodeResponsesRequest } from "./responses/decode-request.ts";
export { encodeResponsesRequest } from "./responses/encode-request.ts";
export type {
  EncodedResponsesRequest,
  EncodeResponsesOptions,
} from "./responses/encode-request.ts";
export { encodePassthroughResponsesRequest } from "./responses/encode-passthrough-request.ts";
export type { PassthroughResponsesOptions } from "./responses/encode-passthrough-request.ts";
export { decodeResponsesReply } from "./responses/decode-reply.ts";
export { createResponsesStreamDecoder } from "./responses/decode-stream.ts";
export { createPassthroughResponsesDecoder } from "./responses/decode-passthrough-stream.ts";
export { finishRawResponsesReply, readRawResponsesReply } from "./responses/raw-reply.ts";
export { decodeResponsesUsage } from "./responses/decode-usage.ts";
export { renderResponsesUsage } from "./responses/render-usage.ts";
export type { ResponsesUsage } from "./responses/render-usage.ts";
export { encodeResponsesReply } from "./responses/encode-reply.ts";
export { createResponsesStreamEncoder } from "./responses/encode-stream.ts";

export { plainGeminiDialect } from "./gemini/gemini-dialect.ts";
export type { GeminiDialect, GeminiThinking } from "./gemini/gemini-dialect.ts";
export { encodeGeminiRequest } from "./gemini/encode-request.ts";
export type { EncodedGeminiRequest, EncodeGeminiOptions } from "./gemini/encode-request.ts";
export { decodeGeminiReply } from "./gemini/decode-reply.ts";
export { createGeminiStreamDecoder } from "./gemini/decode-stream.ts";
export { decodeGeminiUsage } from "./gemini/decode-usage.ts";

export { errorTable } from "./errors/error-table.ts";
export type { ErrorCode, ErrorHeaderType, ErrorRow, ErrorType } from "./errors/error-table.ts";
export { errorRowOf, isErrorCode } from "./errors/gateway-error.ts";
export { UnreadableRequestError } from "./errors/unreadable-request-error.ts";
export type { GatewayError } from "./errors/gateway-error.ts";
export { renderOpenAiError } from "./errors/render-openai-error.ts";
export type { OpenAiErrorBody, RenderErrorOptions } from "./errors/render-openai-error.ts";
export { renderAnthropicError } from "./errors/render-anthropic-error.ts";
export type { AnthropicErrorBody } from "./errors/render-anthropic-error.ts";
export { nearestKey } from "./errors/nearest-key.ts";
export { schemaError } from "./errors/schema-error.ts";
export type { SchemaErrorOptions } from "./errors/schema-error.ts";

export { chatNeeds } from "./chat/chat-needs.ts";
export { measurePrompt } from "./chat/measure-prompt.ts";
export { measureRequest } from "./measure/measure-request.ts";
export { keyedPrefix } from "./measure/prefix-chain.ts";
export type { ChainLink } from "./measure/prefix-chain.ts";
export type { MeasuredPrompt } from "./measure/prompt-tally.ts";
export { needsOf, requirableParameters } from "./measure/request-needs.ts";
export type { RequestNeeds } from "./measure/request-needs.ts";
export { parseModelName } from "./measure/parse-model-name.ts";
export type { ModelName, ParseModelNameOptions } from "./measure/parse-model-name.ts";
export { estimateByteTextBytes, estimateUtf8Bytes } from "./measure/text-bytes.ts";
