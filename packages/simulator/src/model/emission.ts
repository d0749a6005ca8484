import { countTokens, tokensOf } from "../tokens/tokenize.ts";
import type { ModelAnswer } from "./model-request.ts";

/** One step of an answer on its way out. */
export type Piece =
  | { readonly kind: "reasoning" | "content"; readonly text: string; readonly tokens: number }
  | {
      readonly kind: "tool_open";
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly tokens: number;
    }
  | {
      readonly kind: "tool_arguments";
      readonly index: number;
      readonly text: string;
      readonly tokens: number;
    };

export type FinishReason = "stop" | "length" | "tool_calls";

/** An answer as the pieces it is written in, cut to what the request allows. */
export type Emission = { readonly pieces: readonly Piece[]; readonly finish: FinishReason };

export type EmissionLimits = {
  /** Reasoning included; `Infinity` = no limit. */
  readonly maxTokens: number;
  /** Text ends before the first of these. */
  readonly stop: readonly string[];
  /** Makes the id of the call at an index. */
  readonly callId: (index: number) => string;
};

const textPieces = (kind: "reasoning" | "content", text: string): readonly Piece[] =>
  tokensOf(text).map((token) => ({ kind, text: token, tokens: 1 }));

/** Cuts at the first stop sequence. Reasoning and arguments are not searched. */
const beforeStop = (text: string, stop: readonly string[]): string => {
  const ends = stop.filter((one) => one !== "").map((one) => text.indexOf(one));
  const found = ends.filter((end) => end >= 0);
  return found.length === 0 ? text : text.slice(0, Math.min(...found));
};

/** Plans how an answer is written: one piece a token, never more tokens than allowed. */
export const emissionOf = (answer: ModelAnswer, limits: EmissionLimits): Emission => {
  const calls = answer.toolCalls.flatMap(({ name, argumentsJson }, index): readonly Piece[] => [
    {
      kind: "tool_open",
      index,
      id: limits.callId(index),
      name,
      tokens: Math.max(1, countTokens(name)),
    },
    ...tokensOf(argumentsJson).map((text): Piece => {
      return { kind: "tool_arguments", index, text, tokens: 1 };
    }),
  ]);
  const all = [
    ...textPieces("reasoning", answer.reasoning),
    ...textPieces("content", beforeStop(answer.content, limits.stop)),
    ...calls,
  ];
  const pieces: Piece[] = [];
  let tokens = 0;
  for (const piece of all) {
    if (tokens + piece.tokens > limits.maxTokens) return { pieces, finish: "length" };
    tokens += piece.tokens;
    pieces.push(piece);
  }
  return { pieces, finish: calls.length > 0 ? "tool_calls" : "stop" };
};
