import type { JsonRecord } from "../json/read.ts";
import { asCount, asFilledString, asNumber, asRecord } from "../json/read.ts";
import { namedStreamViolations } from "./named-stream-violations.ts";
import type { NamedStreamGrammar, Say } from "./named-stream-violations.ts";

const stopReasons = new Set([
  "end_turn",
  "stop_sequence",
  "pause_turn",
  "compaction",
  "tool_use",
  "max_tokens",
  "model_context_window_exceeded",
  "refusal",
]);

/** Types of blocks each delta may stand in; `null` = any. */
const deltaHomes: Readonly<Record<string, ReadonlySet<string> | null>> = {
  text_delta: new Set(["text"]),
  citations_delta: new Set(["text"]),
  thinking_delta: new Set(["thinking"]),
  signature_delta: new Set(["thinking"]),
  input_json_delta: new Set(["tool_use", "server_tool_use", "mcp_tool_use"]),
  compaction_delta: new Set(["compaction"]),
};

const errorTypes = new Set([
  "invalid_request_error",
  "billing_error",
  "authentication_error",
  "permission_error",
  "not_found_error",
  "rate_limit_error",
  "api_error",
  "overloaded_error",
  "timeout_error",
]);

/** Follows one stream through its states. */
class Grammar implements NamedStreamGrammar {
  #state: "before" | "open" | "closing" | "over" = "before";
  #nextIndex = 0;
  #block: { readonly type: string; json: string } | null = null;
  #calls = 0;

  get ended(): boolean {
    return this.#state === "over";
  }

  event(type: string, json: JsonRecord, say: Say): void {
    if (this.#state === "over") say("something follows the end");
    if (type === "ping") return;
    if (type === "error") return this.#error(json, say);
    if (type === "message_start") return this.#begin(asRecord(json["message"]), say);
    if (this.#state === "before") say(`${type} before message_start`);
    switch (type) {
      case "content_block_start":
        return this.#blockStart(json, say);
      case "content_block_delta":
        return this.#blockDelta(json, say);
      case "content_block_stop":
        return this.#blockStop(json, say);
      case "message_delta":
        return this.#delta(json, say);
      case "message_stop":
        if (this.#state !== "closing") say("message_stop without a message_delta before it");
        this.#state = "over";
        return;
      default:
        say(`unknown event ${type}`);
    }
  }

  #begin(message: JsonRecord | null, say: Say): void {
    if (this.#state !== "before") say("message_start comes twice");
    this.#state = "open";
    for (const key of ["id", "model"]) {
      if (asFilledString(message?.[key]) === null) say(`message.${key} is empty`);
    }
    if (message?.["role"] !== "assistant" || message["type"] !== "message") say("no message");
    if (asNumber(asRecord(message?.["usage"])?.["input_tokens"]) === null) {
      say("message_start has no usage");
    }
  }

  #blockStart(json: JsonRecord, say: Say): void {
    if (this.#state === "closing") say("a block follows message_delta");
    if (this.#block !== null) say("blocks overlap");
    if (json["index"] !== this.#nextIndex) {
      say(`block index ${String(json["index"])}, expected ${this.#nextIndex}`);
    }
    const block = asRecord(json["content_block"]);
    const type = asFilledString(block?.["type"]);
    if (type === null) say("block without type");
    this.#block = { type: type ?? "", json: "" };
    if (type !== "tool_use") return;
    this.#calls += 1;
    for (const key of ["id", "name"]) {
      if (asFilledString(block?.[key]) === null) say(`tool_use without ${key}`);
    }
  }

  #blockDelta(json: JsonRecord, say: Say): void {
    if (this.#block === null || json["index"] !== this.#nextIndex) {
      return say("delta of a block that is not open");
    }
    const delta = asRecord(json["delta"]);
    const type = asFilledString(delta?.["type"]) ?? "";
    if (deltaHomes[type]?.has(this.#block.type) !== true) {
      say(`${type} in a block of type ${this.#block.type}`);
    }
    this.#block.json += asFilledString(delta?.["partial_json"]) ?? "";
  }

  #blockStop(json: JsonRecord, say: Say): void {
    if (this.#block === null || json["index"] !== this.#nextIndex) {
      return say("stop of a block that is not open");
    }
    this.#block = null;
    this.#nextIndex += 1;
  }

  #delta(json: JsonRecord, say: Say): void {
    if (this.#block !== null) say("message_delta while a block is open");
    if (this.#state === "closing") say("message_delta comes twice");
    this.#state = "closing";
    const reason = asFilledString(asRecord(json["delta"])?.["stop_reason"]);
    if (reason === null || !stopReasons.has(reason)) say(`unknown stop_reason ${String(reason)}`);
    if (reason === "tool_use" && this.#calls === 0) say("tool_use without a call");
    if (reason === "end_turn" && this.#calls > 0) say("end_turn with a call to run");
    const usage = asRecord(json["usage"]);
    if (usage === null || asCount(usage["output_tokens"]) !== usage["output_tokens"]) {
      say("message_delta has no usage");
    }
    if (asRecord(json["routing_metadata"]) === null) say("message_delta has no metadata");
  }

  #error(json: JsonRecord, say: Say): void {
    this.#state = "over";
    const error = asRecord(json["error"]);
    if (asFilledString(error?.["message"]) === null) say("error.message is empty");
    if (!errorTypes.has(asFilledString(error?.["type"]) ?? "")) say("unknown error.type");
    if (asFilledString(asRecord(error?.["details"])?.["error_code"]) === null) {
      say("error.details.error_code is empty");
    }
  }
}

/**
 * What a whole outgoing Messages stream breaks of docs/contract.md §18, as sentences; empty = nothing. A
 * stream must end in `message_stop` or in an error event.
 */
export const messagesStreamViolations = (text: string): readonly string[] =>
  namedStreamViolations(text, new Grammar());
