import { present } from "../json/present.ts";
import type { InputPart, OutputPart, TextPart } from "../neutral/content.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import { readSeal } from "../neutral/seal.ts";
import { reasoningSlot } from "./responses-dialect.ts";
import type {
  ResponsesInputPart,
  ResponsesItem,
  ResponsesKnownItem,
  ResponsesMessageItem,
} from "./responses-request-schema.ts";

type Known<T extends string> = Extract<ResponsesKnownItem, { type: T }>;

const decodeInputPart = (part: ResponsesInputPart): InputPart => {
  switch (part.type) {
    case "input_text":
    case "output_text":
      return { kind: "text", text: part.text };
    case "refusal":
      return { kind: "text", text: part.refusal };
    case "input_image": {
      const { image_url: url, detail } = part;
      if (typeof url !== "string") return { kind: "native", wire: "responses", json: part };
      return {
        kind: "image_url",
        url,
        ...(detail === "original" ? {} : present("detail", detail)),
      };
    }
    case "input_file":
      return {
        kind: "file",
        ...present("data", part.file_data),
        ...present("filename", part.filename),
        ...present("reference", part.file_url ?? part.file_id),
      };
    case "input_audio":
    default:
      return { kind: "audio", data: part.input_audio.data, format: part.input_audio.format };
  }
};

const textsOf = (content: ResponsesMessageItem["content"]): readonly TextPart[] =>
  typeof content === "string"
    ? [{ kind: "text", text: content }]
    : content.flatMap((part) => {
        const decoded = decodeInputPart(part);
        return decoded.kind === "text" ? [decoded] : [];
      });

const assistantParts = ({ content, phase }: ResponsesMessageItem): readonly OutputPart[] => {
  const mark = present("phase", phase);
  if (typeof content === "string") {
    return content === "" ? [] : [{ kind: "text", text: content, ...mark }];
  }
  return content.flatMap((part): OutputPart[] => {
    if (part.type === "refusal") return [{ kind: "refusal", text: part.refusal }];
    if (part.type === "output_text" || part.type === "input_text") {
      return part.text === "" ? [] : [{ kind: "text", text: part.text, ...mark }];
    }
    return [{ kind: "native", wire: "responses", json: part }];
  });
};

const inputOf = (output: string | readonly ResponsesInputPart[]): readonly InputPart[] =>
  typeof output === "string"
    ? [{ kind: "text", text: output }]
    : output.map((part) => decodeInputPart(part));

/** What a client answers, so that only a provider of this wire can go on with it. */
const isAnswer = (type: string): boolean =>
  type.endsWith("_output") || type === "mcp_approval_response";

const isMessage = (item: ResponsesItem): item is ResponsesMessageItem =>
  item.type === undefined || item.type === null || item.type === "message";

const isKnown = <T extends ResponsesKnownItem["type"]>(
  item: ResponsesItem,
  type: T,
): item is Known<T> => item.type === type;

/** Parts of the assistant's turn that is being put together, and opaque pieces that wait for theirs. */
type Turn = {
  parts: OutputPart[];
  readonly callSeals: Map<string, { readonly signature: string; readonly maker: string }>;
};

const pushReasoning = (item: Known<"reasoning">, turn: Turn): void => {
  const summary = (item.summary ?? []).map((part) => part.text).join("\n\n");
  const content = (item.content ?? []).map((part) => part.text).join("");
  const text = summary === "" ? content : summary;
  const id = present("id", item.id);
  if (typeof item.encrypted_content !== "string" || item.encrypted_content === "") {
    turn.parts.push({ kind: "reasoning", text, ...id });
    return;
  }
  const { maker, value: signature, place } = readSeal(item.encrypted_content, reasoningSlot);
  switch (place.on) {
    case "call":
      turn.callSeals.set(place.id, { signature, maker });
      return;
    case "redacted":
      turn.parts.push({ kind: "reasoning_redacted", data: signature, maker });
      return;
    case "text": {
      const at = turn.parts.findLastIndex((part) => part.kind === "text");
      const part = turn.parts[at];
      if (part?.kind === "text") turn.parts[at] = { ...part, signature, maker };
      else turn.parts.push({ kind: "text", text: "", signature, maker });
      return;
    }
    case "reasoning":
    default:
      turn.parts.push({
        kind: "reasoning",
        text,
        signature,
        maker,
        ...(maker === reasoningSlot.maker ? id : present("id", place.id)),
      });
  }
};

const pushCall = (turn: Turn, id: string, name: string, json: string): void => {
  const seal = turn.callSeals.get(id);
  turn.parts.push({
    kind: "tool_call",
    id,
    name,
    arguments: json === "" ? "{}" : json,
    ...seal,
  });
};

/** Adds an item of the assistant's turn; `false` = it is none. */
const pushAssistant = (item: ResponsesItem, turn: Turn): boolean => {
  if (isMessage(item)) {
    if (item.role !== "assistant") return false;
    turn.parts.push(...assistantParts(item));
  } else if (isKnown(item, "reasoning")) {
    pushReasoning(item, turn);
  } else if (isKnown(item, "function_call")) {
    pushCall(turn, item.call_id, item.name, item.arguments);
  } else if (isKnown(item, "custom_tool_call")) {
    pushCall(turn, item.call_id, item.name, JSON.stringify({ input: item.input }));
  } else if (isAnswer(item.type)) {
    return false;
  } else {
    turn.parts.push({ kind: "native", wire: "responses", json: item });
  }
  return true;
};

const decodeOther = (item: ResponsesItem): NeutralMessage => {
  if (isKnown(item, "function_call_output") || isKnown(item, "custom_tool_call_output")) {
    return { role: "tool", callId: item.call_id, parts: inputOf(item.output) };
  }
  if (!isMessage(item)) {
    return { role: "user", parts: [{ kind: "native", wire: "responses", json: item }] };
  }
  return item.role === "user"
    ? { role: "user", parts: inputOf(item.content) }
    : { role: item.role === "developer" ? "developer" : "system", parts: textsOf(item.content) };
};

/** Items in neutral form: what an assistant said in a row is one message. */
export const decodeItems = (items: readonly ResponsesItem[]): readonly NeutralMessage[] => {
  const messages: NeutralMessage[] = [];
  let turn: Turn = { parts: [], callSeals: new Map() };
  const flush = (): void => {
    if (turn.parts.length > 0) messages.push({ role: "assistant", parts: turn.parts });
    turn = { parts: [], callSeals: new Map() };
  };
  for (const item of items) {
    if (pushAssistant(item, turn)) continue;
    flush();
    messages.push(decodeOther(item));
  }
  flush();
  return messages;
};
