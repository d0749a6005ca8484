import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { Json, JsonObject } from "../model/json.ts";
import type { Emission, FinishReason, Piece } from "../model/emission.ts";
import { logprobsJson } from "./openai-logprobs.ts";

/** What every chunk of an answer, or the answer as a whole, begins with. */
export type AnswerHead = {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly serviceTier: string;
  readonly fingerprint: string;
  /** Alternatives listed with each token; `null` = no log probabilities. */
  readonly topLogprobs: number | null;
};

/** Usage as OpenAI counts it: cached and written tokens inside the prompt, reasoning inside the completion. */
export const usageJson = (usage: Usage): Json => {
  const prompt = promptTokensOf(usage);
  const completion = completionTokensOf(usage);
  const written = usage.cacheWrite5mTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      audio_tokens: 0,
      ...(written > 0 ? { cache_write_tokens: written } : {}),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
};

const textOf = (pieces: readonly Piece[], kind: "reasoning" | "content"): string =>
  pieces.map((piece) => (piece.kind === kind ? piece.text : "")).join("");

const callsOf = (pieces: readonly Piece[]): readonly Json[] =>
  pieces.flatMap((opened) => {
    if (opened.kind !== "tool_open") return [];
    const written = pieces.map((piece) =>
      piece.kind === "tool_arguments" && piece.index === opened.index ? piece.text : "",
    );
    const callee = { name: opened.name, arguments: written.join("") };
    return [{ id: opened.id, type: "function", function: callee }];
  });

const messageJson = ({ pieces }: Emission): JsonObject => {
  const calls = callsOf(pieces);
  const reasoning = textOf(pieces, "reasoning");
  return {
    role: "assistant",
    content: calls.length > 0 ? null : textOf(pieces, "content"),
    refusal: null,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    annotations: [],
  };
};

/** The whole answer as JSON. */
export const completionJson = (
  head: AnswerHead,
  emissions: readonly Emission[],
  usage: Usage,
): Json => ({
  id: head.id,
  object: "chat.completion",
  created: head.created,
  model: head.model,
  choices: emissions.map((emission, index) => ({
    index,
    message: messageJson(emission),
    logprobs: logprobsJson(emission.pieces, head.topLogprobs),
    finish_reason: emission.finish,
  })),
  usage: usageJson(usage),
  service_tier: head.serviceTier,
  system_fingerprint: head.fingerprint,
});

const deltaJson = (piece: Piece): JsonObject => {
  switch (piece.kind) {
    case "reasoning":
      return { reasoning_content: piece.text };
    case "content":
      return { content: piece.text };
    case "tool_open": {
      const callee = { name: piece.name, arguments: "" };
      return {
        tool_calls: [{ index: piece.index, id: piece.id, type: "function", function: callee }],
      };
    }
    case "tool_arguments":
  }
  return { tool_calls: [{ index: piece.index, function: { arguments: piece.text } }] };
};

/** Writes the chunks of one stream, as `data: …` events. */
export type ChunkWriter = {
  /** The first chunk of a choice. */
  readonly role: (choice: number, first: Piece | undefined) => string;
  readonly piece: (choice: number, piece: Piece) => string;
  readonly finish: (choice: number, reason: FinishReason) => string;
  readonly usage: (usage: Usage) => string;
};

/** Chunks carry `usage: null` where the caller asked for usage, as OpenAI's do. */
export const createChunkWriter = (head: AnswerHead, includeUsage: boolean): ChunkWriter => {
  const event = (choices: readonly Json[], usage: Json): string => {
    const chunk = {
      id: head.id,
      object: "chat.completion.chunk",
      created: head.created,
      model: head.model,
      service_tier: head.serviceTier,
      system_fingerprint: head.fingerprint,
      choices,
      ...(includeUsage ? { usage } : {}),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const choiceEvent = (
    index: number,
    delta: JsonObject,
    reason: FinishReason | null,
    logprobs: Json = null,
  ): string => event([{ index, delta, logprobs, finish_reason: reason }], null);
  return {
    role: (choice, first) => {
      const content = first?.kind === "tool_open" ? null : "";
      return choiceEvent(choice, { role: "assistant", content, refusal: null }, null);
    },
    piece: (choice, piece) => {
      const logprobs = piece.kind === "content" ? logprobsJson([piece], head.topLogprobs) : null;
      return choiceEvent(choice, deltaJson(piece), null, logprobs);
    },
    finish: (choice, reason) => choiceEvent(choice, {}, reason),
    usage: (usage) => event([], usageJson(usage)),
  };
};
