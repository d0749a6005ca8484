import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord, asString, isRecord } from "../json/read.ts";
import { present } from "../json/present.ts";
import type { DecodedReply, ReplyFailure } from "../neutral/decoded-reply.ts";
import type { Annotation, OutputPart, ToolCallPart } from "../neutral/content.ts";
import type { NeutralChoice, NeutralReply } from "../neutral/request.ts";
import { decodeAnnotations } from "./annotations.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import {
  decodeArguments,
  decodeCallSignature,
  decodeContent,
  decodeImages,
  decodeReasoningText,
} from "./decode-content.ts";
import { decodeCitations } from "./decode-citations.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeProviderError } from "./provider-error.ts";

const decodeReasoningBlocks = (message: JsonRecord): OutputPart[] | null => {
  const blocks = message["reasoning"];
  if (!Array.isArray(blocks)) return null;
  const parts: OutputPart[] = [];
  for (const entry of blocks) {
    const block = asRecord(entry);
    const data = asFilledString(block?.["data"]);
    if (data !== null) parts.push({ kind: "reasoning_redacted", data });
    else {
      const signature = asFilledString(block?.["signature"]);
      const text = asString(block?.["thinking"]) ?? "";
      parts.push({ kind: "reasoning", text, ...present("signature", signature) });
    }
  }
  return parts;
};

const decodeCalls = (message: JsonRecord, choice: number): ToolCallPart[] => {
  const calls: ToolCallPart[] = [];
  const legacy = asRecord(message["function_call"]);
  const listed = asArray(message["tool_calls"]);
  const entries = listed.length === 0 && legacy !== null ? [{ function: legacy }] : listed;
  for (const entry of entries) {
    const call = asRecord(entry);
    const definition = asRecord(call?.["function"]);
    const name = asFilledString(definition?.["name"]);
    if (call === null || name === null) continue;
    const text = decodeArguments(definition?.["arguments"]);
    calls.push({
      kind: "tool_call",
      id: asFilledString(call["id"]) ?? `call_${choice}_${calls.length}`,
      name,
      arguments: text === "" ? "{}" : text,
      ...present("signature", decodeCallSignature(call)),
    });
  }
  return calls;
};

const decodeParts = (message: JsonRecord, choice: number): OutputPart[] => {
  const parts: OutputPart[] = decodeReasoningBlocks(message) ?? [];
  const thought = decodeReasoningText(message);
  if (parts.length === 0 && thought !== "") parts.push({ kind: "reasoning", text: thought });
  for (const piece of decodeContent(message["content"])) parts.push(piece);
  const refusal = asFilledString(message["refusal"]);
  if (refusal !== null) parts.push({ kind: "refusal", text: refusal });
  parts.push(...decodeImages(message["images"]), ...decodeCalls(message, choice));
  return parts;
};

const broken = (word: string | null): ReplyFailure => ({
  ok: false,
  reason: `The provider broke the answer off (${word}).`,
  error: {
    message: `The provider broke the answer off (${word}).`,
    type: null,
    code: word,
    param: null,
  },
});

const decodeChoice = (
  value: unknown,
  position: number,
  citations: readonly Annotation[],
): NeutralChoice | ReplyFailure => {
  const choice = asRecord(value);
  const message = asRecord(choice?.["message"]);
  if (choice === null || message === null) {
    return { ok: false, reason: "The answer holds a choice without a message." };
  }
  const index = asNumber(choice["index"]) ?? position;
  const parts = decodeParts(message, index);
  const word = asFilledString(choice["finish_reason"]);
  const finish = decodeFinish(
    word,
    parts.some((part) => part.kind === "tool_call"),
  );
  if (!finish.ok) return broken(word);
  const own = decodeAnnotations(asArray(message["annotations"]));
  const annotations = own.length === 0 ? citations : own;
  // An empty text is an answer; no text at all is none, unless the end says why.
  const endsSilently = finish.reason === "length" || finish.reason === "content_filter";
  if (parts.length === 0 && typeof message["content"] !== "string" && !endsSilently) {
    return { ok: false, reason: "The answer is empty." };
  }
  return {
    index,
    parts,
    ...(annotations.length === 0 ? {} : { annotations }),
    finish: finish.reason,
    native: finish.native,
    logprobs: asRecord(choice["logprobs"]),
  };
};

const isFailure = (value: NeutralChoice | ReplyFailure): value is ReplyFailure => "ok" in value;

/** A vendor's whole chat answer in neutral form; JSON that holds no answer is a failure. */
export const decodeChatReply = (json: unknown, dialect: ChatDialect): DecodedReply => {
  if (!isRecord(json)) return { ok: false, reason: "The answer is not a JSON object." };
  if (json["error"] !== undefined && json["error"] !== null) {
    const error = decodeProviderError(json["error"]);
    return { ok: false, reason: "The provider answered with an error.", error };
  }
  const entries = asArray(json["choices"]);
  if (entries.length === 0) return { ok: false, reason: "The answer holds no choices." };
  const citations = decodeCitations(json);
  const choices: NeutralChoice[] = [];
  for (const [position, entry] of entries.entries()) {
    const choice = decodeChoice(entry, position, citations);
    if (isFailure(choice)) return choice;
    choices.push(choice);
  }
  const reply: NeutralReply = {
    id: asFilledString(json["id"]),
    model: asFilledString(json["model"]),
    createdSeconds: asNumber(json["created"]),
    choices,
    usage: decodeChatUsage(findChatUsage(json), dialect),
    ...present("systemFingerprint", asFilledString(json["system_fingerprint"])),
    ...present("serviceTier", asFilledString(json["service_tier"])),
  };
  return { ok: true, reply };
};
