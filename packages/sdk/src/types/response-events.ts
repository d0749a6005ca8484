import type { JsonObject } from "./json.ts";
import type {
  ResponseContentPart,
  ResponseError,
  ResponseObject,
  ResponseOutputItem,
} from "./response-object.ts";
import type { RoutingMetadata } from "./routing.ts";

type Numbered = {
  /** From 0, without gaps. */
  readonly sequence_number: number;
};

type OfItem = Numbered & { readonly item_id: string; readonly output_index: number };
type OfContent = OfItem & { readonly content_index: number };
type OfSummary = OfItem & { readonly summary_index: number };

/** How the answer stands. */
export type ResponseLifecycleEvent = Numbered & {
  readonly type: "response.created" | "response.in_progress" | "response.queued";
  readonly response: ResponseObject;
};

/** The last event, with all of the answer. */
export type ResponseTerminalEvent = Numbered & {
  readonly type: "response.completed" | "response.incomplete" | "response.failed";
  readonly response: ResponseObject;
  readonly routing_metadata?: RoutingMetadata;
};

export type ResponseOutputItemEvent = Numbered & {
  readonly type: "response.output_item.added" | "response.output_item.done";
  readonly output_index: number;
  readonly item: ResponseOutputItem;
};

export type ResponseContentPartEvent = OfContent & {
  readonly type: "response.content_part.added" | "response.content_part.done";
  readonly part: ResponseContentPart;
};

export type ResponseTextDeltaEvent = OfContent & {
  readonly type: "response.output_text.delta";
  readonly delta: string;
  readonly logprobs?: readonly JsonObject[];
};

export type ResponseTextDoneEvent = OfContent & {
  readonly type: "response.output_text.done";
  readonly text: string;
  readonly logprobs?: readonly JsonObject[];
};

export type ResponseAnnotationEvent = OfContent & {
  readonly type: "response.output_text.annotation.added";
  readonly annotation_index: number;
  readonly annotation: JsonObject;
};

export type ResponseRefusalDeltaEvent = OfContent & {
  readonly type: "response.refusal.delta";
  readonly delta: string;
};

export type ResponseRefusalDoneEvent = OfContent & {
  readonly type: "response.refusal.done";
  readonly refusal: string;
};

export type ResponseSummaryPartEvent = OfSummary & {
  readonly type: "response.reasoning_summary_part.added" | "response.reasoning_summary_part.done";
  readonly part: { readonly type: "summary_text"; readonly text: string };
};

export type ResponseSummaryDeltaEvent = OfSummary & {
  readonly type: "response.reasoning_summary_text.delta";
  readonly delta: string;
};

export type ResponseSummaryDoneEvent = OfSummary & {
  readonly type: "response.reasoning_summary_text.done";
  readonly text: string;
};

export type ResponseArgumentsDeltaEvent = OfItem & {
  readonly type: "response.function_call_arguments.delta";
  readonly delta: string;
};

export type ResponseArgumentsDoneEvent = OfItem & {
  readonly type: "response.function_call_arguments.done";
  readonly arguments: string;
  readonly name?: string;
};

export type ResponseCustomInputEvent = OfItem &
  (
    | { readonly type: "response.custom_tool_call_input.delta"; readonly delta: string }
    | { readonly type: "response.custom_tool_call_input.done"; readonly input: string }
  );

/** Told if nothing else was; iterating throws it. */
export type ResponseErrorEvent = Numbered &
  Omit<ResponseError, "type"> & { readonly type: "error" };

/**
 * An event of a streamed answer, told apart by `type`. Those of tools that a provider runs pass as they are, and
 * are none of these types.
 */
export type ResponseStreamEvent =
  | ResponseLifecycleEvent
  | ResponseTerminalEvent
  | ResponseOutputItemEvent
  | ResponseContentPartEvent
  | ResponseTextDeltaEvent
  | ResponseTextDoneEvent
  | ResponseAnnotationEvent
  | ResponseRefusalDeltaEvent
  | ResponseRefusalDoneEvent
  | ResponseSummaryPartEvent
  | ResponseSummaryDeltaEvent
  | ResponseSummaryDoneEvent
  | ResponseArgumentsDeltaEvent
  | ResponseArgumentsDoneEvent
  | ResponseCustomInputEvent
  | ResponseErrorEvent;
