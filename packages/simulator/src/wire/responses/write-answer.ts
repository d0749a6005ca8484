import { completionTokensOf, promptTokensOf } from "@pointsman/core";
import type { Usage } from "@pointsman/core";
import type { FinishReason, Piece } from "../../model/emission.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import { vendor } from "../openai-call-id.ts";
import { seal } from "../signature.ts";
import type { AnswerHead, AnswerWriter } from "../wire.ts";
import type { ResponsesExtras } from "./read-request.ts";

const usageJson = (usage: Usage): Json => {
  const input = promptTokensOf(usage);
  const output = completionTokensOf(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + output,
  };
};

type Item = {
  readonly kind: "reasoning" | "content" | "tool_open";
  readonly id: string;
  readonly callId: string;
  readonly name: string;
  text: string;
};

const kindOf = (piece: Piece): Item["kind"] =>
  piece.kind === "tool_arguments" ? "tool_open" : piece.kind;

/**
 * Writes a response, or the events of its stream, numbered: an item is added, filled and done
 * before the next.
 */
export const createResponsesWriter = (head: AnswerHead, extras: ResponsesExtras): AnswerWriter => {
  const items: Item[] = [];
  let sequence = 0;
  let finish: FinishReason = "stop";
  let isOpen = false;

  const event = (type: string, members: JsonObject): string => {
    const data = { type, sequence_number: sequence, ...members };
    sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };

  const itemJson = (item: Item, isDone: boolean): JsonObject => {
    const status = isDone ? "completed" : "in_progress";
    switch (item.kind) {
      case "reasoning": {
        const isTold = isDone && extras.summarises && item.text !== "";
        return {
          id: item.id,
          type: "reasoning",
          summary: isTold ? [{ type: "summary_text", text: item.text }] : [],
          ...(isDone && extras.sealsReasoning
            ? { encrypted_content: seal(vendor, `${item.id}:${item.text}`) }
            : {}),
        };
      }
      case "content": {
        const part = { type: "output_text", text: item.text, annotations: [], logprobs: [] };
        const content = isDone ? [part] : [];
        return { id: item.id, type: "message", status, role: "assistant", content };
      }
      case "tool_open":
    }
    return {
      id: item.id,
      type: "function_call",
      status,
      call_id: item.callId,
      name: item.name,
      arguments: isDone ? item.text : "",
    };
  };

  const start = (piece: Piece): Item => {
    const kind = kindOf(piece);
    const prefix = { reasoning: "rs", content: "msg", tool_open: "fc" }[kind];
    const item = {
      kind,
      id: `${prefix}_${head.id}${items.length.toString(16).padStart(2, "0")}`,
      callId: piece.kind === "tool_open" ? piece.id : "",
      name: piece.kind === "tool_open" ? piece.name : "",
      text: "",
    };
    items.push(item);
    return item;
  };

  const responseJson = (status: string, usage: Usage | null): JsonObject => ({
    id: `resp_${head.id}`,
    object: "response",
    created_at: head.created,
    status,
    background: false,
    error: null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    model: head.model,
    output: usage === null ? [] : items.map((item) => itemJson(item, true)),
    service_tier: head.serviceTier,
    ...extras.echoed,
    usage: usage === null ? null : usageJson(usage),
  });

  /** The events that fill an item, around its deltas. */
  const around = (item: Item, at: number, ends: boolean): string => {
    const place = { item_id: item.id, output_index: at };
    if (item.kind === "content") {
      const part = (text: string): JsonObject => {
        return { type: "output_text", annotations: [], logprobs: [], text };
      };
      if (!ends) {
        return event("response.content_part.added", { ...place, content_index: 0, part: part("") });
      }
      return `${event("response.output_text.done", { ...place, content_index: 0, logprobs: [], text: item.text })}${event("response.content_part.done", { ...place, content_index: 0, part: part(item.text) })}`;
    }
    if (item.kind === "tool_open") {
      return ends
        ? event("response.function_call_arguments.done", { ...place, arguments: item.text })
        : "";
    }
    if (!extras.summarises) return "";
    const part = (text: string): JsonObject => ({ type: "summary_text", text });
    if (!ends) {
      return event("response.reasoning_summary_part.added", {
        ...place,
        summary_index: 0,
        part: part(""),
      });
    }
    return `${event("response.reasoning_summary_text.done", { ...place, summary_index: 0, text: item.text })}${event("response.reasoning_summary_part.done", { ...place, summary_index: 0, part: part(item.text) })}`;
  };

  const close = (): string => {
    const item = items.at(-1);
    if (!isOpen || item === undefined) return "";
    isOpen = false;
    const at = items.length - 1;
    return `${around(item, at, true)}${event("response.output_item.done", { output_index: at, item: itemJson(item, true) })}`;
  };

  const deltaOf = (item: Item, piece: Piece): string => {
    const place = { item_id: item.id, output_index: items.length - 1 };
    switch (piece.kind) {
      case "content":
        return event("response.output_text.delta", {
          ...place,
          content_index: 0,
          delta: piece.text,
          logprobs: [],
        });
      case "tool_arguments":
        return event("response.function_call_arguments.delta", { ...place, delta: piece.text });
      case "reasoning":
        return extras.summarises
          ? event("response.reasoning_summary_text.delta", {
              ...place,
              summary_index: 0,
              delta: piece.text,
            })
          : "";
      case "tool_open":
    }
    return "";
  };

  const take = (piece: Piece): { readonly item: Item; readonly isNew: boolean; before: string } => {
    const last = items.at(-1);
    if (last !== undefined && last.kind === kindOf(piece) && piece.kind !== "tool_open") {
      if ("text" in piece) last.text += piece.text;
      return { item: last, isNew: false, before: "" };
    }
    const before = close();
    const item = start(piece);
    if ("text" in piece) item.text += piece.text;
    return { item, isNew: true, before };
  };

  const statusOf = (): string => (finish === "length" ? "incomplete" : "completed");

  return {
    whole: ([emission], usage) => {
      for (const piece of emission?.pieces ?? []) take(piece);
      finish = emission?.finish ?? "stop";
      return responseJson(statusOf(), usage);
    },
    open: () =>
      `${event("response.created", { response: responseJson("in_progress", null) })}${event("response.in_progress", { response: responseJson("in_progress", null) })}`,
    piece: (_, piece) => {
      const { item, isNew, before } = take(piece);
      if (!isNew) return deltaOf(item, piece);
      isOpen = true;
      const at = items.length - 1;
      const added = event("response.output_item.added", {
        output_index: at,
        item: itemJson(item, false),
      });
      return `${before}${added}${around(item, at, false)}${deltaOf(item, piece)}`;
    },
    finish: (_, reason) => {
      finish = reason;
      return close();
    },
    close: (usage) =>
      event(`response.${statusOf()}`, { response: responseJson(statusOf(), usage) }),
    error: (code) => {
      const error = {
        code: code ?? "server_error",
        message: "The server had an error while processing your request. Sorry about that!",
      };
      const response = { ...responseJson("failed", null), error };
      return `${event("error", { ...error, param: null })}${event("response.failed", { response })}`;
    },
  };
};
