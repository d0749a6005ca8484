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
export { Optimize } from "./types/routing.ts";

export type {
  AssistantMessage,
  AudioPart,
  CacheControl,
  ChatAnswerMessage,
  ChatChoice,
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionParams,
  ChatDelta,
  ChatLogprobs,
  ChatMessage,
  ChatUsage,
  ContentPart,
  FilePart,
  FinishReason,
  FunctionCall,
  FunctionDefinition,
  FunctionMessage,
  GeneratedImage,
  ImagePart,
  ReasoningBlock,
  ReasoningEffort,
  ResponseFormat,
  SystemMessage,
  TextPart,
  TokenLogprob,
  Tool,
  ToolCall,
  ToolCallDelta,
  ToolChoice,
  ToolMessage,
  UserMessage,
} from "./types/chat.ts";

export type {
  InputPart,
  ReasoningSummary,
  ResponseInputItem,
  ResponseParams,
  ResponseTextFormat,
  ResponseTool,
} from "./types/responses.ts";

export type {
  ResponseContentPart,
  ResponseError,
  ResponseFunctionCallItem,
  ResponseHostedItem,
  ResponseImageItem,
  ResponseMessageItem,
  ResponseObject,
  ResponseOutputItem,
  ResponseReasoningItem,
  ResponseUsage,
} from "./types/response-object.ts";

export type {
  ResponseAnnotationEvent,
  ResponseArgumentsDeltaEvent,
  ResponseArgumentsDoneEvent,
  ResponseContentPartEvent,
  ResponseCustomInputEvent,
  ResponseErrorEvent,
  ResponseLifecycleEvent,
  ResponseOutputItemEvent,
  ResponseRefusalDeltaEvent,
  ResponseRefusalDoneEvent,
  ResponseStreamEvent,
  ResponseSummaryDeltaEvent,
  ResponseSummaryDoneEvent,
  ResponseSummaryPartEvent,
  ResponseTerminalEvent,
  ResponseTextDeltaEvent,
  ResponseTextDoneEvent,
} from "./types/response-events.ts";

export type {
  CountTokensParams,
  MessagesBlockParam,
  MessagesCacheControl,
  MessagesDocumentParam,
  MessagesImageParam,
  MessagesParams,
  MessagesTextParam,
  MessagesThinkingParam,
  MessagesTool,
  MessagesToolChoice,
  MessagesToolResultParam,
  MessagesToolUseParam,
  MessagesTurn,
  TokenCount,
} from "./types/messages.ts";

export type {
  Message,
  MessageBlock,
  MessageDelta,
  MessageStreamEvent,
  MessageUsage,
  RedactedThinkingBlock,
  ServerToolUseBlock,
  StopReason,
  TextBlock,
  ThinkingBlock,
  ToolUseBlock,
} from "./types/message.ts";

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

export type {
  RouteCandidate,
  RouteDecision,
  RouteEndpoint,
  RouteError,
  RouteExplanation,
  RouteParams,
} from "./types/route.ts";

export type {
  AnsweredExplanation,
  AttemptOutcome,
  CacheDirective,
  ExplainedAttempt,
  ExplainedCandidate,
  RejectedCandidate,
  RouteExplanationDetail,
  ScoreTerm,
} from "./types/explanation.ts";

export type {
  Directory,
  DirectoryProvider,
  DirectoryTier,
  Me,
  Model,
  ModelList,
  ProviderList,
  RegistryList,
  RegistryModel,
} from "./types/models.ts";

export type {
  ApiKey,
  ApiKeyChange,
  ApiKeyParams,
  ApiKeyUsage,
  Balance,
  Budget,
  BudgetChange,
  BudgetParams,
  ByokKey,
  ByokKeyChange,
  ByokKeyParams,
  CreatedApiKey,
  CreditParams,
  Deleted,
  KeyScope,
  Page,
  PageParams,
  Period,
  RoutingChange,
  RoutingDefaults,
  UsageList,
  UsageParams,
  Workspace,
  WorkspaceChange,
} from "./types/management.ts";

export type { JsonObject } from "./types/json.ts";
