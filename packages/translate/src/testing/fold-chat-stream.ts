import type { JsonRecord } from "../json/read.ts";
import { asArray, asNumber, asRecord, asString } from "../json/read.ts";
import { splitEvents } from "./chat-stream-events.ts";

export type FoldedToolCall = { id: string; name: string; arguments: string };

export type FoldedChoice = {
  content: string;
  reasoning: string;
  refusal: string;
  calls: FoldedToolCall[];
  finish: string | null;
  native: string | null;
};

/** What the chunks of a chat stream add up to. */
export type FoldedChatStream = {
  readonly id: string | null;
  readonly model: string | null;
  readonly choices: ReadonlyMap<number, FoldedChoice>;
  readonly usage: JsonRecord | null;
  readonly routingMetadata: JsonRecord | null;
  readonly error: JsonRecord | null;
  readonly done: boolean;
};

const foldCalls = (delta: JsonRecord, calls: FoldedToolCall[]): void => {
  for (const entry of asArray(delta["tool_calls"])) {
    const piece = asRecord(entry);
    const index = asNumber(piece?.["index"]) ?? 0;
    const call = (calls[index] ??= { id: "", name: "", arguments: "" });
    const definition = asRecord(piece?.["function"]);
    call.id ||= asString(piece?.["id"]) ?? "";
    call.name ||= asString(definition?.["name"]) ?? "";
    call.arguments += asString(definition?.["arguments"]) ?? "";
  }
};

const foldChoice = (entry: JsonRecord, choices: Map<number, FoldedChoice>): void => {
  const index = asNumber(entry["index"]) ?? 0;
  const choice = choices.get(index) ?? {
    content: "",
    reasoning: "",
    refusal: "",
    calls: [],
    finish: null,
    native: null,
  };
  choices.set(index, choice);
  const delta = asRecord(entry["delta"]) ?? {};
  choice.content += asString(delta["content"]) ?? "";
  choice.reasoning += asString(delta["reasoning_content"]) ?? asString(delta["reasoning"]) ?? "";
  choice.refusal += asString(delta["refusal"]) ?? "";
  foldCalls(delta, choice.calls);
  choice.finish = asString(entry["finish_reason"]) ?? choice.finish;
  choice.native = asString(entry["native_finish_reason"]) ?? choice.native;
};

/** Adds a whole chat stream up, as a client does. */
export const foldChatStream = (text: string): FoldedChatStream => {
  const choices = new Map<number, FoldedChoice>();
  let last: Omit<FoldedChatStream, "choices"> = {
    id: null,
    model: null,
    usage: null,
    routingMetadata: null,
    error: null,
    done: false,
  };
  for (const { data } of splitEvents(text)) {
    if (data === null) continue;
    if (data === "[DONE]") {
      last = { ...last, done: true };
      continue;
    }
    const chunk = asRecord(JSON.parse(data)) ?? {};
    last = {
      id: last.id ?? asString(chunk["id"]),
      model: last.model ?? asString(chunk["model"]),
      usage: asRecord(chunk["usage"]) ?? last.usage,
      routingMetadata: asRecord(chunk["routing_metadata"]) ?? last.routingMetadata,
      error: asRecord(chunk["error"]) ?? last.error,
      done: last.done,
    };
    for (const entry of asArray(chunk["choices"])) foldChoice(asRecord(entry) ?? {}, choices);
  }
  return { ...last, choices };
};
