import type { OutputPart } from "../neutral/content.ts";
import type { NeutralChoice, NeutralReply } from "../neutral/request.ts";
import { renderUsage } from "./render-usage.ts";
import type { Usage } from "@pointsman/core";

type Json = Record<string, unknown>;

export type EncodeChatReplyOptions = {
  readonly routingMetadata: unknown;
  /** Id where the provider gave none, `chatcmpl-…`. */
  readonly fallbackId: string;
  /** Unix seconds where the provider gave none. */
  readonly createdSeconds: number;
  /** Model id where the provider gave none. @default "" */
  readonly fallbackModel?: string;
  /** Usage to report instead of the reply's own, e.g. an estimate. @default the reply's */
  readonly usage?: Usage;
  /** Leave out all reasoning. @default false */
  readonly excludeReasoning?: boolean;
  /** Mirror the first call as `function_call`. @default false */
  readonly legacyFunctions?: boolean;
};

const textOf = (parts: readonly OutputPart[], kind: "text" | "refusal" | "reasoning"): string => {
  let text = "";
  for (const part of parts) {
    if (part.kind === kind) text += part.text;
  }
  return text;
};

const encodeReasoning = (parts: readonly OutputPart[], message: Json): void => {
  const text = textOf(parts, "reasoning");
  if (text !== "") message["reasoning_content"] = text;
  const blocks: Json[] = [];
  for (const part of parts) {
    if (part.kind === "reasoning_redacted") blocks.push({ type: "redacted", data: part.data });
    else if (part.kind === "reasoning" && part.signature !== undefined) {
      blocks.push({ type: "thinking", thinking: part.text, signature: part.signature });
    }
  }
  if (blocks.length > 0) message["reasoning"] = blocks;
};

const encodeCalls = (parts: readonly OutputPart[], message: Json, mirror: boolean): void => {
  const calls: Json[] = [];
  for (const part of parts) {
    if (part.kind !== "tool_call") continue;
    calls.push({
      id: part.id,
      type: "function",
      function: { name: part.name, arguments: part.arguments },
      ...(part.signature === undefined ? {} : { provider_signature: part.signature }),
    });
  }
  const [first] = calls;
  if (first === undefined) return;
  message["tool_calls"] = calls;
  if (mirror) message["function_call"] = first["function"];
};

const encodeImages = (parts: readonly OutputPart[], message: Json): void => {
  const images: Json[] = [];
  for (const part of parts) {
    if (part.kind !== "image") continue;
    images.push({
      type: "image",
      mime_type: part.mimeType,
      data: part.data,
      ...(part.signature === undefined ? {} : { thought_signature: part.signature }),
    });
  }
  if (images.length > 0) message["images"] = images;
};

const encodeChoice = (choice: NeutralChoice, options: EncodeChatReplyOptions): Json => {
  const { parts } = choice;
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  const silent = parts.some((part) => part.kind === "tool_call") || refusal !== "";
  const message: Json = { role: "assistant", content: text === "" && silent ? null : text };
  if (refusal !== "") message["refusal"] = refusal;
  if (options.excludeReasoning !== true) encodeReasoning(parts, message);
  encodeCalls(parts, message, options.legacyFunctions === true);
  encodeImages(parts, message);
  if (choice.annotations !== undefined) message["annotations"] = choice.annotations;
  return {
    index: choice.index,
    message,
    finish_reason: choice.finish,
    logprobs: choice.logprobs ?? null,
    ...(choice.native === null ? {} : { native_finish_reason: choice.native }),
  };
};

/** The chat answer of docs/contract.md §14. */
export const encodeChatReply = (reply: NeutralReply, options: EncodeChatReplyOptions): Json => {
  const usage = options.usage ?? reply.usage;
  return {
    id: reply.id ?? options.fallbackId,
    object: "chat.completion",
    created: Math.trunc(reply.createdSeconds ?? options.createdSeconds),
    model: reply.model ?? options.fallbackModel ?? "",
    choices: reply.choices.map((choice) => encodeChoice(choice, options)),
    ...(usage === null ? {} : { usage: renderUsage(usage) }),
    ...(reply.systemFingerprint === undefined
      ? {}
      : { system_fingerprint: reply.systemFingerprint }),
    ...(reply.serviceTier === undefined ? {} : { service_tier: reply.serviceTier }),
    routing_metadata: options.routingMetadata,
  };
};
