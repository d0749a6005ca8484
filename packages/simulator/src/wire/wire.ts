import type { IncomingHttpHeaders } from "node:http";
import type { Usage } from "@pointsman/core";
import type { PromptSegment } from "../cache/prefix-chain.ts";
import type { Emission, FinishReason, Piece } from "../model/emission.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { ModelRequest } from "../model/model-request.ts";
import type { Refusal } from "./refusal.ts";

/** A request of any wire, read. What the offering makes of it is decided at admission. */
export type WireRequest = {
  readonly model: string;
  readonly stream: boolean;
  readonly choices: number;
  /** Reasoning included; `null` = not said. */
  readonly maxTokens: number | null;
  readonly stop: readonly string[];
  /** As sent, or what the wire's own switches amount to; `null` = not said, `none` = do not reason. */
  readonly effort: string | null;
  /** Whether a model that reasons does so without being told to. */
  readonly reasonsUnasked: boolean;
  readonly serviceTier: string | null;
  /** What the model reads; its effort is settled at admission. */
  readonly prompt: Omit<ModelRequest, "reasoningEffort">;
  readonly segments: readonly PromptSegment[];
  /** What the caller's marks say is to be cached; `null` on wires without marks. */
  readonly marks: CacheMarks | null;
  /** Names of the parameters that were sent with a value, as the chat wire calls them. */
  readonly parameters: readonly string[];
};

export type CacheMarks = {
  /** How many of the segments stand before the last mark; 0 = no mark. */
  readonly segments: number;
  readonly ttl: "5m" | "1h";
};

/** What an answer begins with. */
export type AnswerHead = {
  /** 32 hex digits; each wire puts its own prefix before it. */
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly serviceTier: string;
  readonly fingerprint: string;
};

/** Writes one answer, whole or as the events of a stream. */
export type AnswerWriter = {
  readonly whole: (emissions: readonly Emission[], usage: Usage) => Json;
  /** Before the first piece. */
  readonly open: (emissions: readonly Emission[], usage: Usage) => string;
  /** Empty where a piece waits for its next. */
  readonly piece: (choice: number, piece: Piece, usage: Usage) => string;
  readonly finish: (choice: number, reason: FinishReason) => string;
  readonly close: (usage: Usage) => string;
  readonly error: (code: string | null) => string;
};

/** A call that was read, and how it is answered. */
export type ReadCall = {
  readonly request: WireRequest;
  /** Makes the id of the call of a choice at an index from the answer's id. */
  readonly callId: (answerId: string, choice: number, index: number) => string;
  readonly createWriter: (head: AnswerHead) => AnswerWriter;
};

/** What a path asks for. */
export type Route = {
  readonly purpose: "answer" | "count";
  /** Where the path names them; `null` = the body does. */
  readonly model: string | null;
  readonly stream: boolean | null;
};

/** One provider API, as its vendor documents it. */
export type ServedWire = {
  /** As offerings list it. */
  readonly name: "chat_completions" | "responses" | "messages" | "generate_content";
  /** `null` = not a path of this wire. */
  readonly match: (url: URL) => Route | null;
  /** @throws Refusal for what the vendor refuses */
  readonly read: (body: JsonObject, route: Route, headers: IncomingHttpHeaders) => ReadCall;
  readonly errorBody: (refusal: Refusal) => Json;
  /** The answer to a count; absent = this wire counts nothing. */
  readonly countBody?: (tokens: number) => Json;
};
