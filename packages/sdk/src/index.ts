export { Client } from "./client.ts";
export {
  APIConnectionError,
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  PointsmanAPIError,
  RateLimitError,
} from "./errors.ts";
export type { ErrorFacts, ErrorType } from "./errors.ts";
export { ResponseHeaders } from "./http/response-headers.ts";
export type { ClientOptions, Fetch, RequestOptions, Surroundings } from "./http/transport.ts";
export type { Answered } from "./http/with-headers.ts";
export { mapOpenAIError } from "./map-openai-error.ts";
export type { CreateOptions } from "./resources/management.ts";
export { parseRoutingMetadata, toExtraBody } from "./routing-metadata.ts";
export { ChatStream } from "./stream/chat-stream.ts";
export { MessageStream } from "./stream/message-stream.ts";
export { ResponseStream } from "./stream/response-stream.ts";
export type * from "./types/chat.ts";
export type {
  CountTokensParams,
  Message,
  MessagesBlock,
  MessagesParams,
  MessageStreamEvent,
  MessagesTurn,
  MessagesUsage,
  TokenCount,
} from "./types/messages.ts";
export type * from "./types/management.ts";
export type * from "./types/models.ts";
export type {
  InputPart,
  ResponseError,
  ResponseInputItem,
  ResponseObject,
  ResponseOutputItem,
  ResponseParams,
  ResponseStreamEvent,
  ResponseTextFormat,
  ResponseTool,
  ResponseUsage,
} from "./types/responses.ts";
export type * from "./types/route.ts";
export { Optimize } from "./types/routing.ts";
export type {
  DataPolicy,
  GatewayOptions,
  RequestMetadata,
  RoutingAttempt,
  RoutingMetadata,
  RoutingOptions,
  RoutingWarning,
  RoutingWeights,
  WarningType,
} from "./types/routing.ts";
