import type { JsonRecord } from "../json/read.ts";
import type { OutputPart } from "../neutral/content.ts";
import { joinedParts } from "../neutral/joined-parts.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import type { NeutralChoice, NeutralReply } from "../neutral/request.ts";
import type { AnswerClose, AnswerOptions } from "../surface/surface-encoder.ts";
import { freeformInput } from "./encode-items.ts";
import { encodeAnnotations, encodeLogprobs, writeEncrypted } from "./output-items.ts";
import { echoOf, incompleteReasonOf, renderResponse } from "./render-response.ts";
import type { ResponsesRequest } from "./responses-request-schema.ts";

/** Names of the caller's tools that take text. */
export const freeformNames = (request: ResponsesRequest): ReadonlySet<string> =>
  new Set(
    (request.tools ?? []).flatMap(({ type, name }) =>
      type === "custom" && typeof name === "string" ? [name] : [],
    ),
  );

/** Ids of items follow from that of the answer: no two alike, and no dice needed. */
export const itemIdOf = (answerId: string, kind: string, index: number): string =>
  `${kind}_${answerId.replace(/^resp_/u, "")}_${index}`;

/** Ids of this wire begin so. */
export const responseIdOf = (id: string | null, own: string): string =>
  id?.startsWith("resp_") === true ? id : own;

type Context = {
  readonly answerId: string;
  readonly freeform: ReadonlySet<string>;
  readonly losses: Set<Loss>;
};

const sealItem = (answerId: string, index: number, encrypted: string): JsonRecord => ({
  id: itemIdOf(answerId, "rs", index),
  type: "reasoning",
  status: "completed",
  summary: [],
  encrypted_content: encrypted,
});

/** A call as an item; a freeform tool gets its text. */
export const callItem = (
  id: string,
  call: { readonly id: string; readonly name: string; readonly json: string },
  freeform: ReadonlySet<string>,
): JsonRecord => {
  const common = { id, call_id: call.id, name: call.name };
  return freeform.has(call.name)
    ? { ...common, type: "custom_tool_call", input: freeformInput(call.json), status: "completed" }
    : { ...common, type: "function_call", arguments: call.json, status: "completed" };
};

const encodePart = (part: OutputPart, output: JsonRecord[], context: Context): void => {
  const { answerId, freeform, losses } = context;
  const next = (kind: string): string => itemIdOf(answerId, kind, output.length);
  switch (part.kind) {
    case "text":
    case "refusal": {
      const content =
        part.kind === "refusal"
          ? { type: "refusal", refusal: part.text }
          : { type: "output_text", text: part.text, annotations: [], logprobs: [] };
      const phase = part.kind === "text" && part.phase !== undefined ? { phase: part.phase } : {};
      if (part.text !== "") {
        const message = {
          id: next("msg"),
          type: "message",
          role: "assistant",
          status: "completed",
        };
        output.push({ ...message, content: [content], ...phase });
      }
      if (part.kind === "text" && part.signature !== undefined) {
        const encrypted = writeEncrypted(part.signature, part.maker, { on: "text" });
        output.push(sealItem(answerId, output.length, encrypted));
      }
      return;
    }
    case "reasoning": {
      const { text, signature, maker, id } = part;
      const own = (maker ?? "openai") === "openai";
      const place = { on: "reasoning", ...(id === undefined ? {} : { id }) } as const;
      output.push({
        id: own && id !== undefined ? id : next("rs"),
        type: "reasoning",
        status: "completed",
        summary: text === "" ? [] : [{ type: "summary_text", text }],
        ...(signature === undefined
          ? {}
          : { encrypted_content: writeEncrypted(signature, maker, place) }),
      });
      return;
    }
    case "reasoning_redacted": {
      const encrypted = writeEncrypted(part.data, part.maker ?? "anthropic", { on: "redacted" });
      output.push(sealItem(answerId, output.length, encrypted));
      return;
    }
    case "tool_call": {
      const { id, name, signature, maker, arguments: json } = part;
      if (signature !== undefined) {
        const encrypted = writeEncrypted(signature, maker, { on: "call", id });
        output.push(sealItem(answerId, output.length, encrypted));
      }
      output.push(callItem(next("fc"), { id, name, json }, freeform));
      return;
    }
    case "image":
      output.push({
        id: next("ig"),
        type: "image_generation_call",
        status: "completed",
        result: part.data,
        output_format: part.mimeType.replace("image/", ""),
      });
      return;
    case "native":
    default:
      if (part.wire === "responses") output.push(part.json);
      else losses.add(contentDropped);
  }
};

/** Citations and logprobs belong to the choice; here they stand on its last text. */
const decorate = (output: JsonRecord[], choice: NeutralChoice, losses: Set<Loss>): void => {
  const annotations = encodeAnnotations(choice.annotations ?? [], losses);
  const logprobs = encodeLogprobs(choice.logprobs);
  if (annotations.length === 0 && logprobs.length === 0) return;
  const at = output.findLastIndex((item) => item["type"] === "message");
  const message = output[at];
  if (message === undefined || !Array.isArray(message["content"])) return;
  const content = message["content"].map((part: JsonRecord) =>
    part["type"] === "output_text" ? { ...part, annotations, logprobs } : part,
  );
  output[at] = { ...message, content };
};

/** The Responses answer of docs/contract.md §17. */
export const encodeResponsesReply = (
  reply: NeutralReply,
  options: AnswerOptions & { readonly request: ResponsesRequest },
  close: AnswerClose,
): JsonRecord => {
  const losses = new Set<Loss>();
  const { request } = options;
  const answerId = responseIdOf(reply.id, options.id);
  // Several choices are asked for on the chat surface only.
  const choice = reply.choices[0];
  const output: JsonRecord[] = [];
  const context = { answerId, freeform: freeformNames(request), losses };
  for (const part of joinedParts(choice?.parts ?? [])) encodePart(part, output, context);
  if (choice !== undefined) decorate(output, choice, losses);
  const incompleteReason = incompleteReasonOf(choice?.finish ?? "stop");
  const response = renderResponse(
    {
      id: answerId,
      createdSeconds: reply.createdSeconds ?? options.createdSeconds,
      completedSeconds: incompleteReason === null ? options.createdSeconds : null,
      model: reply.model ?? options.model,
      status: incompleteReason === null ? "completed" : "incomplete",
      output,
      usage: close.usage,
      incompleteReason,
      error: null,
      ...(reply.serviceTier === undefined ? {} : { serviceTier: reply.serviceTier }),
    },
    echoOf(request),
  );
  return { ...response, routing_metadata: close.routingMetadata([...losses]) };
};
