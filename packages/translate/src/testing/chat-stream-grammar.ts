import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";
import { splitEvents } from "./chat-stream-events.ts";

const reasons = new Set(["stop", "length", "tool_calls", "content_filter"]);

type State = {
  readonly violations: string[];
  head: string | null;
  /** Next free tool call index by choice. */
  readonly calls: Map<number, number>;
  readonly started: Set<number>;
  readonly finished: Set<number>;
  sawFinal: boolean;
  sawError: boolean;
  sawDone: boolean;
};

const checkError = (error: JsonRecord | null, say: (text: string) => void): void => {
  for (const key of ["message", "type", "code"]) {
    if (asFilledString(error?.[key]) === null) say(`error.${key} is empty`);
  }
  if (error === null || !Object.hasOwn(error, "param")) say("error.param is missing");
};

const checkCalls = (
  delta: JsonRecord,
  choice: number,
  state: State,
  say: (text: string) => void,
): void => {
  for (const entry of asArray(delta["tool_calls"])) {
    const call = asRecord(entry);
    const index = call?.["index"];
    const next = state.calls.get(choice) ?? 0;
    if (typeof index !== "number" || index > next) {
      say(`tool call index ${String(index)}, expected at most ${next}`);
    } else if (index === next) {
      state.calls.set(choice, next + 1);
      if (asFilledString(call?.["id"]) === null) say(`tool call ${index} begins without id`);
      const name = asRecord(call?.["function"])?.["name"];
      if (asFilledString(name) === null) say(`tool call ${index} begins without name`);
    }
  }
};

const checkChoice = (
  choice: JsonRecord | null,
  state: State,
  say: (text: string) => void,
): void => {
  const index = choice?.["index"];
  const delta = asRecord(choice?.["delta"]);
  if (choice === null || typeof index !== "number") return say("choice without index");
  if (delta === null) return say("choice without delta object");
  if (!Object.hasOwn(choice, "finish_reason")) say("choice without finish_reason");
  if (state.finished.has(index)) say(`choice ${index} goes on after its finish_reason`);
  if (Object.hasOwn(delta, "role") === state.started.has(index)) {
    say(state.started.has(index) ? "role repeated" : "first chunk without role");
  }
  state.started.add(index);
  checkCalls(delta, index, state, say);
  const reason = choice["finish_reason"] ?? null;
  if (reason === null) return;
  if (typeof reason !== "string" || !reasons.has(reason)) {
    say(`unknown finish_reason ${JSON.stringify(reason)}`);
  }
  state.finished.add(index);
  if ((reason === "tool_calls") !== (state.calls.get(index) ?? 0) > 0 && reason !== "length") {
    if (reason !== "content_filter") say("finish_reason tool_calls does not match the calls");
  }
};

const checkChunk = (chunk: JsonRecord, state: State, say: (text: string) => void): void => {
  if (chunk["object"] !== "chat.completion.chunk") say("wrong object");
  for (const key of ["id", "model"]) {
    if (asFilledString(chunk[key]) === null) say(`${key} is empty`);
  }
  if (!Number.isInteger(chunk["created"])) say("created is no integer");
  const head = JSON.stringify([chunk["id"], chunk["created"], chunk["model"]]);
  if (state.head !== null && state.head !== head) say("id, created or model changes");
  state.head = head;
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return say("choices is no list");
  const isFinal = asRecord(chunk["usage"]) !== null || Object.hasOwn(chunk, "routing_metadata");
  if (!isFinal) {
    if (choices.length === 0) say("no choices");
    for (const choice of choices) checkChoice(asRecord(choice), state, say);
    return;
  }
  state.sawFinal = true;
  if (choices.length > 0) say("the final chunk has choices");
  if (asRecord(chunk["usage"]) === null) say("the final chunk has no usage");
  if (asRecord(chunk["routing_metadata"]) === null) say("the final chunk has no metadata");
  if (state.finished.size < state.started.size) say("the final chunk comes before a finish_reason");
};

const checkEvent = (data: string, state: State, say: (text: string) => void): void => {
  if (state.sawDone || state.sawError) say("something follows the end");
  if (data === "[DONE]") {
    state.sawDone = true;
    if (!state.sawFinal) say("[DONE] without a final chunk before it");
    return;
  }
  let chunk: JsonRecord | null = null;
  try {
    chunk = asRecord(JSON.parse(data));
  } catch {
    return say("data is no JSON");
  }
  if (chunk === null) return say("data is no JSON object");
  if (Object.hasOwn(chunk, "error")) {
    state.sawError = true;
    return checkError(asRecord(chunk["error"]), say);
  }
  if (state.sawFinal) say("a chunk follows the final one");
  checkChunk(chunk, state, say);
};

/**
 * What a whole outgoing chat stream breaks of docs/contract.md §16, as sentences; empty = nothing. A
 * stream must end in `[DONE]` or in an error event.
 */
export const chatStreamViolations = (text: string): readonly string[] => {
  const state: State = {
    violations: [],
    head: null,
    calls: new Map(),
    started: new Set(),
    finished: new Set(),
    sawFinal: false,
    sawError: false,
    sawDone: false,
  };
  if (/[\u0085\u2028\u2029\r]/u.test(text)) state.violations.push("raw line separator");
  if (!text.endsWith("\n\n")) state.violations.push("the last event lacks its empty line");
  for (const [index, { raw, data }] of splitEvents(text).entries()) {
    const say = (violation: string): void => {
      state.violations.push(`event ${index}: ${violation}`);
    };
    if (data !== null && !raw.includes("\n")) checkEvent(data, state, say);
    else if (!raw.split("\n").every((line) => line.startsWith(":"))) say("wrong frame");
  }
  if (!state.sawDone && !state.sawError) state.violations.push("the stream has no end");
  return state.violations;
};
