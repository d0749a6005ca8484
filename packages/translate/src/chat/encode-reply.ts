import type { OutputPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { NeutralChoice, NeutralReply } from "../neutral/request.ts";
import type { AnswerClose, AnswerOptions } from "../surface/surface-encoder.ts";
import { encodeAnnotations } from "./annotations.ts";
import { renderUsage } from "./render-usage.ts";
import { sealOfCall, sealOfReasoning, sealOfRedacted, sealOfText } from "./seals.ts";

type Json = Record<string, unknown>;

const textOf = (parts: readonly OutputPart[], kind: "text" | "refusal" | "reasoning"): string => {
  let text = "";
  for (const part of parts) {
    if (part.kind === kind) text += part.text;
  }
  return text;
};

const encodeReasoning = (
  parts: readonly OutputPart[],
  message: Json,
  withBlocks: boolean,
): void => {
  const text = textOf(parts, "reasoning");
  if (text !== "") message["reasoning_content"] = text;
  if (!withBlocks) return;
  const blocks: Json[] = [];
  for (const part of parts) {
    if (part.kind === "reasoning_redacted") {
      blocks.push({ type: "redacted", data: sealOfRedacted(part) });
    } else if (part.kind === "reasoning" && part.signature !== undefined) {
      const signature = sealOfReasoning({ ...part, signature: part.signature });
      blocks.push({ type: "thinking", thinking: part.text, signature });
    }
  }
  if (blocks.length > 0) message["reasoning"] = blocks;
};

const encodeCalls = (parts: readonly OutputPart[], message: Json, mirror: boolean): void => {
  const calls: Json[] = [];
  for (const part of parts) {
    if (part.kind !== "tool_call") continue;
    const signature = sealOfCall(part);
    calls.push({
      id: part.id,
      type: "function",
      function: { name: part.name, arguments: part.arguments },
      ...(signature === null ? {} : { provider_signature: signature }),
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

const encodeChoice = (choice: NeutralChoice, options: AnswerOptions, losses: Set<Loss>): Json => {
  const { parts } = choice;
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  const silent = parts.some((part) => part.kind === "tool_call") || refusal !== "";
  const message: Json = { role: "assistant", content: text === "" && silent ? null : text };
  if (refusal !== "") message["refusal"] = refusal;
  if (!options.excludeReasoning) encodeReasoning(parts, message, options.reasoningBlocks !== false);
  encodeCalls(parts, message, options.legacyFunctions);
  encodeImages(parts, message);
  const signed = parts.findLast((part) => part.kind === "text" && part.signature !== undefined);
  if (signed?.kind === "text" && signed.signature !== undefined) {
    message["provider_signature"] = sealOfText({ ...signed, signature: signed.signature });
  }
  const annotations = encodeAnnotations(choice.annotations ?? [], losses);
  if (annotations.length > 0) message["annotations"] = annotations;
  if (parts.some((part) => part.kind === "native")) losses.add(contentDropped);
  return {
    index: choice.index,
    message,
    finish_reason: choice.finish,
    logprobs: choice.logprobs ?? null,
    ...(choice.native === null ? {} : { native_finish_reason: choice.native }),
  };
};

/** The chat answer of docs/contract.md §14. */
export const encodeChatReply = (
  reply: NeutralReply,
  options: AnswerOptions,
  close: AnswerClose,
): Json => {
  const losses = new Set<Loss>();
  const choices = reply.choices.map((choice) => encodeChoice(choice, options, losses));
  return {
    id: reply.id ?? options.id,
    object: "chat.completion",
    created: Math.trunc(reply.createdSeconds ?? options.createdSeconds),
    model: reply.model ?? options.model,
    choices,
    usage: renderUsage(close.usage),
    ...(reply.systemFingerprint === undefined
      ? {}
      : { system_fingerprint: reply.systemFingerprint }),
    ...(reply.serviceTier === undefined ? {} : { service_tier: reply.serviceTier }),
    routing_metadata: close.routingMetadata([...losses]),
  };
};
