import type { InputPart, OutputPart, TextPart, ToolCallPart } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { reasoningDropped } from "../neutral/losses.ts";
import type { NeutralMessage } from "../neutral/request.ts";
import type { ChatDialect } from "./chat-dialect.ts";

type Json = Record<string, unknown>;

const encodeInput = (part: InputPart): Json => {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "image_url": {
      const { url, detail } = part;
      return { type: "image_url", image_url: detail === undefined ? { url } : { url, detail } };
    }
    case "file":
      return {
        type: "file",
        file: {
          ...(part.data === undefined ? {} : { file_data: part.data }),
          ...(part.filename === undefined ? {} : { filename: part.filename }),
          ...(part.reference === undefined ? {} : { file_id: part.reference }),
        },
      };
    case "native":
      // Only blocks of its own wire come here; the others were left out before.
      return { ...part.json };
    case "audio":
    default:
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
  }
};

/** One text as a string: many vendors take arrays in user messages only. */
const joinText = (parts: readonly TextPart[]): string => parts.map((part) => part.text).join("\n");

const encodeUserContent = (parts: readonly InputPart[]): unknown => {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "text") return only.text;
  return parts.map((part) => encodeInput(part));
};

const encodeCall = (call: ToolCallPart): Json => ({
  id: call.id,
  type: "function",
  function: { name: call.name, arguments: call.arguments },
});

const ofKind = <K extends OutputPart["kind"]>(
  parts: readonly OutputPart[],
  kind: K,
): readonly Extract<OutputPart, { kind: K }>[] =>
  parts.filter((part): part is Extract<OutputPart, { kind: K }> => part.kind === kind);

const encodeAssistant = (
  parts: readonly OutputPart[],
  dialect: ChatDialect,
  losses: Loss[],
): Json => {
  const texts = ofKind(parts, "text");
  const refusals = ofKind(parts, "refusal");
  const reasoning = ofKind(parts, "reasoning");
  const calls = ofKind(parts, "tool_call");
  const signed = reasoning.some((part) => part.signature !== undefined);
  const redacted = ofKind(parts, "reasoning_redacted").length > 0;
  if ((signed || redacted) && !losses.includes(reasoningDropped)) losses.push(reasoningDropped);
  const message: Json = { role: "assistant" };
  const text = texts.map((part) => part.text).join("");
  // Null is legal beside calls or a refusal only; an empty answer is an empty text.
  message["content"] = text === "" && calls.length > 0 ? null : text;
  const refusal = refusals.map((part) => part.text).join("");
  if (refusal !== "") {
    // Not every vendor knows `refusal`; as text the model sees it everywhere.
    message["content"] = text === "" ? refusal : `${text}\n${refusal}`;
  }
  const thought = reasoning.map((part) => part.text).join("");
  if (dialect.reasoningHistoryField !== null && thought !== "") {
    message[dialect.reasoningHistoryField] = thought;
  }
  if (calls.length > 0) message["tool_calls"] = calls.map((call) => encodeCall(call));
  return message;
};

const encodeToolContent = (parts: readonly InputPart[]): unknown =>
  parts.every((part) => part.kind === "text") ? joinText(parts) : encodeUserContent(parts);

/** Messages for a vendor's chat wire. */
export const encodeChatMessages = (
  messages: readonly NeutralMessage[],
  dialect: ChatDialect,
  losses: Loss[],
): readonly Json[] =>
  messages.map((message): Json => {
    const named =
      message.role !== "tool" && message.name !== undefined ? { name: message.name } : {};
    switch (message.role) {
      case "system":
      case "developer": {
        const role = dialect.supportsDeveloperRole ? message.role : "system";
        return { role, content: joinText(message.parts), ...named };
      }
      case "user":
        return { role: "user", content: encodeUserContent(message.parts), ...named };
      case "assistant":
        return { ...encodeAssistant(message.parts, dialect, losses), ...named };
      case "tool":
      default:
        return {
          role: "tool",
          tool_call_id: message.callId,
          content: encodeToolContent(message.parts),
        };
    }
  });
