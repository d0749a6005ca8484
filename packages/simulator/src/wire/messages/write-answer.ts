import type { Usage } from "@pointsman/core";
import type { Emission, FinishReason, Piece } from "../../model/emission.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { sign } from "../signature.ts";
import type { AnswerHead, AnswerWriter } from "../wire.ts";
import { vendor } from "./read-turns.ts";

const usageJson = (usage: Usage, outputTokens: number): JsonObject => ({
  input_tokens: usage.inputTokens,
  cache_creation_input_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
  cache_read_input_tokens: usage.cacheReadTokens,
  cache_creation: {
    ephemeral_5m_input_tokens: usage.cacheWrite5mTokens,
    ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
  },
  output_tokens: outputTokens,
  ...(usage.reasoningTokens > 0
    ? { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }
    : {}),
  service_tier: "standard",
});

const endUsage = (usage: Usage): JsonObject =>
  usageJson(usage, usage.outputTokens + usage.reasoningTokens);

const stopReasons: Readonly<Record<FinishReason, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
};

const signed = (thinking: string): JsonObject => ({
  type: "thinking",
  thinking,
  signature: sign(vendor, thinking),
});

const blocksOf = ({ pieces }: Emission): readonly Json[] => {
  const textOf = (kind: "reasoning" | "content"): string =>
    pieces.map((piece) => (piece.kind === kind ? piece.text : "")).join("");
  const thinking = textOf("reasoning");
  const text = textOf("content");
  const calls = pieces.flatMap((opened) => {
    if (opened.kind !== "tool_open") return [];
    const { index, id, name } = opened;
    const written = pieces.map((piece) =>
      piece.kind === "tool_arguments" && piece.index === index ? piece.text : "",
    );
    return [{ type: "tool_use", id, name, input: parsed(written.join("")) }];
  });
  return [
    ...(thinking === "" ? [] : [signed(thinking)]),
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...calls,
  ];
};

/** Arguments that were cut short are sent as far as they make sense: not at all. */
const parsed = (text: string): Json => {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return {};
  }
};

const messageJson = (head: AnswerHead, changes: JsonObject): JsonObject => ({
  id: `msg_01${head.id.slice(0, 22)}`,
  type: "message",
  role: "assistant",
  model: head.model,
  stop_reason: null,
  stop_sequence: null,
  ...changes,
});

const event = (type: string, members: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;

const opening = (piece: Piece): JsonObject => {
  switch (piece.kind) {
    case "reasoning":
      return { type: "thinking", thinking: "", signature: "" };
    case "content":
      return { type: "text", text: "" };
    case "tool_open":
    case "tool_arguments":
  }
  return piece.kind === "tool_open"
    ? { type: "tool_use", id: piece.id, name: piece.name, input: {} }
    : {};
};

const deltaOf = (piece: Piece): JsonObject => {
  switch (piece.kind) {
    case "reasoning":
      return { type: "thinking_delta", thinking: piece.text };
    case "content":
      return { type: "text_delta", text: piece.text };
    case "tool_open":
      return { type: "input_json_delta", partial_json: "" };
    case "tool_arguments":
  }
  return { type: "input_json_delta", partial_json: piece.text };
};

/** Writes a message, or its stream with a ping after the start, as Anthropic's does. */
export const createMessagesWriter = (head: AnswerHead): AnswerWriter => {
  let index = -1;
  let current: Piece["kind"] | null = null;
  let thinking = "";
  let reason: FinishReason = "stop";

  const close = (): string => {
    if (current === null) return "";
    const signature =
      current === "reasoning"
        ? event("content_block_delta", {
            index,
            delta: { type: "signature_delta", signature: sign(vendor, thinking) },
          })
        : "";
    current = null;
    return `${signature}${event("content_block_stop", { index })}`;
  };
  return {
    whole: ([emission], usage) =>
      messageJson(head, {
        content: emission === undefined ? [] : blocksOf(emission),
        stop_reason: stopReasons[emission?.finish ?? "stop"],
        usage: endUsage(usage),
      }),
    open: (_, usage) => {
      const message = messageJson(head, { content: [], usage: usageJson(usage, 1) });
      return `${event("message_start", { message })}${event("ping", {})}`;
    },
    piece: (_, piece) => {
      const kind = piece.kind === "tool_arguments" ? "tool_open" : piece.kind;
      let before = "";
      if (kind !== current || piece.kind === "tool_open") {
        before = close();
        index += 1;
        current = kind;
        before += event("content_block_start", { index, content_block: opening(piece) });
      }
      if (piece.kind === "reasoning") thinking += piece.text;
      return `${before}${event("content_block_delta", { index, delta: deltaOf(piece) })}`;
    },
    finish: (_, finish) => {
      reason = finish;
      return close();
    },
    close: (usage) => {
      const delta = { stop_reason: stopReasons[reason], stop_sequence: null };
      return `${event("message_delta", { delta, usage: endUsage(usage) })}${event("message_stop", {})}`;
    },
    error: (code) =>
      event("error", { error: { type: code ?? "api_error", message: "Internal server error" } }),
  };
};
