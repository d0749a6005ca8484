import type { JsonRecord } from "../json/read.ts";
import { asArray, asCount, asFilledString, asRecord, asString } from "../json/read.ts";
import { namedStreamViolations } from "./named-stream-violations.ts";
import type { NamedStreamGrammar, Say } from "./named-stream-violations.ts";

const terminals = new Set(["response.completed", "response.incomplete", "response.failed"]);

/** Prefixes that ids of items begin with, by the item's type. */
const idPrefixes: Readonly<Record<string, string>> = {
  message: "msg_",
  function_call: "fc_",
  reasoning: "rs_",
};

/** Texts that pieces add up to: by what begins, goes on and ends each, and where its whole stands. */
const texts = [
  { name: "output_text", whole: "text", home: "message", index: "content_index" },
  { name: "refusal", whole: "refusal", home: "message", index: "content_index" },
  { name: "reasoning_text", whole: "text", home: "reasoning", index: "content_index" },
  { name: "reasoning_summary_text", whole: "text", home: "reasoning", index: "summary_index" },
  { name: "function_call_arguments", whole: "arguments", home: "function_call", index: null },
  { name: "custom_tool_call_input", whole: "input", home: "custom_tool_call", index: null },
] as const;

type OpenItem = {
  readonly type: string;
  readonly id: string;
  /** Parts begun and not ended, by kind and index. */
  readonly parts: Set<string>;
  /** Text so far, by name and index. */
  readonly written: Map<string, string>;
};

/** Follows one stream through its states. */
class Grammar implements NamedStreamGrammar {
  #state: "before" | "created" | "open" | "over" = "before";
  #nextSequence = 0;
  #nextOutput = 0;
  /** By output index: items may be filled side by side. */
  readonly #open = new Map<unknown, OpenItem>();
  readonly #done: JsonRecord[] = [];

  get ended(): boolean {
    return this.#state === "over";
  }

  event(type: string, json: JsonRecord, say: Say): void {
    if (this.#state === "over") say("something follows the end");
    if (json["sequence_number"] !== this.#nextSequence) {
      say(`sequence_number ${String(json["sequence_number"])}, expected ${this.#nextSequence}`);
    }
    this.#nextSequence += 1;
    if (type === "error") return this.#error(json, say);
    if (type === "response.created" || type === "response.in_progress") {
      return this.#begin(type, json, say);
    }
    if (this.#state !== "open" && type !== "response.failed") say(`${type} before in_progress`);
    if (terminals.has(type)) return this.#end(type, json, say);
    if (type === "response.output_item.added") return this.#added(json, say);
    this.#within(type, json, say);
  }

  #begin(type: string, json: JsonRecord, say: Say): void {
    const expected = this.#state === "before" ? "response.created" : "response.in_progress";
    if (type !== expected || this.#state === "open") say(`${type} out of place`);
    this.#state = this.#state === "before" ? "created" : "open";
    const response = asRecord(json["response"]);
    if (asFilledString(response?.["id"])?.startsWith("resp_") !== true) say("response without id");
    if (response?.["status"] !== "in_progress") say("the response is not in progress");
  }

  #added(json: JsonRecord, say: Say): void {
    if (json["output_index"] !== this.#nextOutput) {
      say(`output_index ${String(json["output_index"])}, expected ${this.#nextOutput}`);
    }
    const item = asRecord(json["item"]);
    const type = asFilledString(item?.["type"]) ?? "";
    const id = asFilledString(item?.["id"]) ?? "";
    if (type === "" || id === "") say("item without type or id");
    const prefix = idPrefixes[type];
    if (prefix !== undefined && !id.startsWith(prefix)) say(`${type} has the id ${id}`);
    if (type === "function_call") {
      for (const key of ["call_id", "name"]) {
        if (asFilledString(item?.[key]) === null) say(`function_call without ${key}`);
      }
    }
    this.#open.set(this.#nextOutput, { type, id, parts: new Set(), written: new Map() });
    this.#nextOutput += 1;
  }

  #within(type: string, json: JsonRecord, say: Say): void {
    const index = json["output_index"];
    const item = this.#open.get(index);
    if (item === undefined) return say(`${type} of an item that is not open`);
    if (type === "response.output_item.done") {
      this.#open.delete(index);
      return this.#itemDone(json, item, say);
    }
    if (json["item_id"] !== item.id) say(`${type} names another item`);
    const part = /^response\.(content_part|reasoning_summary_part)\.(added|done)$/u.exec(type);
    if (part !== null) {
      const [, kind = "", step] = part;
      const place = json[kind === "content_part" ? "content_index" : "summary_index"];
      const key = `${kind} ${String(place)}`;
      if (asRecord(json["part"]) === null) say(`${type} without part`);
      if (step === "added") {
        if (item.parts.size > 0) say("parts overlap");
        item.parts.add(key);
      } else if (!item.parts.delete(key)) say(`${type} of a part that is not open`);
      return;
    }
    const text = texts.find(
      ({ name }) => type === `response.${name}.delta` || type === `response.${name}.done`,
    );
    // Events of tools that the provider runs pass as they are.
    if (text === undefined) return;
    if (text.home !== item.type) say(`${type} in an item of type ${item.type}`);
    const key = `${text.name} ${text.index === null ? "" : String(json[text.index])}`;
    const before = item.written.get(key) ?? "";
    if (type.endsWith(".delta")) {
      const delta = asString(json["delta"]);
      if (delta === null) return say(`${type} without delta`);
      item.written.set(key, before + delta);
    } else if (json[text.whole] !== before) say(`${type} differs from its deltas`);
  }

  #itemDone(json: JsonRecord, item: OpenItem, say: Say): void {
    if (item.parts.size > 0) say("an item ends with a part open");
    const done = asRecord(json["item"]);
    if (done?.["type"] !== item.type || done["id"] !== item.id) say("another item ends");
    if (done !== null) this.#done[Number(json["output_index"])] = done;
  }

  #end(type: string, json: JsonRecord, say: Say): void {
    this.#state = "over";
    const response = asRecord(json["response"]);
    if (type === "response.failed") {
      const error = asRecord(response?.["error"]);
      for (const key of ["code", "message"]) {
        if (asFilledString(error?.[key]) === null) say(`error.${key} is empty`);
      }
      return;
    }
    if (this.#open.size > 0) say(`${type} while an item is open`);
    if (response?.["status"] !== type.slice("response.".length)) say("status and event differ");
    const output = asArray(response?.["output"]);
    if (JSON.stringify(output) !== JSON.stringify(this.#done)) say("output differs from its items");
    const usage = asRecord(response?.["usage"]);
    for (const key of ["input_tokens", "output_tokens", "total_tokens"]) {
      if (usage === null || asCount(usage[key]) !== usage[key]) say(`usage.${key} is no count`);
    }
    if (asString(response?.["output_text"]) === null) say("response without output_text");
    for (const place of [response, json]) {
      if (asRecord(place?.["routing_metadata"]) === null) say("no metadata");
    }
  }

  #error(json: JsonRecord, say: Say): void {
    if (this.#state !== "before") say("error after a response began");
    this.#state = "over";
    if (json["error"] !== undefined) say("the error is nested");
    for (const key of ["code", "message"]) {
      if (asFilledString(json[key]) === null) say(`${key} is empty`);
    }
  }
}

/**
 * What a whole outgoing Responses stream breaks of docs/contract.md §17, as sentences; empty = nothing. A
 * stream must end in a terminal event or in an error event.
 */
export const responsesStreamViolations = (text: string): readonly string[] =>
  namedStreamViolations(text, new Grammar());
