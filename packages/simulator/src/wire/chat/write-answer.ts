import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { Json, JsonObject } from "../../model/json.ts";
import type { Emission, FinishReason, Piece } from "../../model/emission.ts";
import type { AnswerHead, AnswerWriter } from "../wire.ts";
import { logprobsJson } from "./logprobs.ts";
import type { ChatExtras } from "./read-request.ts";

/** Usage as OpenAI counts it: cached and written tokens inside the prompt, reasoning inside the completion. */
const usageJson = (usage: Usage): Json => {
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

const idOf = ({ id }: AnswerHead): string => `chatcmpl-${id.slice(0, 29)}`;

/** The whole answer as JSON. */
const completionJson = (
  head: AnswerHead,
  emissions: readonly Emission[],
  usage: Usage,
  topLogprobs: number | null,
): Json => ({
  id: idOf(head),
  object: "chat.completion",
  created: head.created,
  model: head.model,
  choices: emissions.map((emission, index) => ({
    index,
    message: messageJson(emission),
    logprobs: logprobsJson(emission.pieces, topLogprobs),
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

/** Chunks carry `usage: null` where the caller asked for usage, as OpenAI's do. */
export const createChatWriter = (
  head: AnswerHead,
  { includeUsage, topLogprobs }: ChatExtras,
): AnswerWriter => {
  const event = (choices: readonly Json[], usage: Json): string => {
    const chunk = {
      id: idOf(head),
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
  const role = (choice: number, first: Piece | undefined): string => {
    const content = first?.kind === "tool_open" ? null : "";
    return choiceEvent(choice, { role: "assistant", content, refusal: null }, null);
  };
  return {
    whole: (emissions, usage) => completionJson(head, emissions, usage, topLogprobs),
    open: (emissions) => emissions.map(({ pieces }, choice) => role(choice, pieces[0])).join(""),
    piece: (choice, piece) => {
      const logprobs = piece.kind === "content" ? logprobsJson([piece], topLogprobs) : null;
      return choiceEvent(choice, deltaJson(piece), null, logprobs);
    },
    finish: (choice, reason) => choiceEvent(choice, {}, reason),
    close: (usage) => `${includeUsage ? event([], usageJson(usage)) : ""}data: [DONE]\n\n`,
    error: (code) => {
      const error = {
        message: "The server had an error while processing your request.",
        type: "server_error",
        param: null,
        code: code ?? "server_error",
      };
      return `data: ${JSON.stringify({ error })}\n\n`;
    },
  };
};
