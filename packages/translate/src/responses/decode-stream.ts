import { decodeProviderError } from "../chat/provider-error.ts";
import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { Maker } from "../neutral/content.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import { decodeResponsesUsage } from "./decode-usage.ts";
import type { AnswerState, ItemDecoder } from "./item-decoder.ts";
import { openItem } from "./item-decoder.ts";

const prefix = "response.";

/** Steps of one answer, event by event. Items are told apart by their place: their ids may change. */
export class ResponsesEvents {
  readonly #state: AnswerState;
  readonly #items = new Map<number, ItemDecoder>();
  #hasHead = false;

  constructor(maker: Maker) {
    this.#state = { maker, calls: 0, textLength: 0 };
  }

  /** Gives back whether nothing more can come. */
  push(name: string, event: JsonRecord, out: StreamItem[]): boolean {
    const type = asFilledString(event["type"]) ?? name;
    if (type === "error") {
      // Flat, or in an object.
      const told = asRecord(event["error"]) ?? event;
      out.push({ kind: "error", error: { ...decodeProviderError(told), ...typeOf(told) } });
      return true;
    }
    if (!type.startsWith(prefix)) return false;
    return this.#read(type.slice(prefix.length), event, out);
  }

  /** A whole response, as if its items had come one by one. */
  whole(response: JsonRecord, out: StreamItem[]): void {
    this.#pushHead(response, out);
    for (const entry of asArray(response["output"])) {
      const item = asRecord(entry);
      if (item !== null) openItem(item, this.#state, out).done(item, out);
    }
    this.#end(response, out);
  }

  #read(type: string, event: JsonRecord, out: StreamItem[]): boolean {
    const place = asNumber(event["output_index"]) ?? 0;
    switch (type) {
      case "created":
      case "in_progress":
      case "queued":
        this.#pushHead(asRecord(event["response"]) ?? {}, out);
        return false;
      case "output_item.added":
        this.#items.set(place, openItem(asRecord(event["item"]) ?? {}, this.#state, out));
        return false;
      case "output_item.done": {
        const item = asRecord(event["item"]) ?? {};
        const decoder = this.#items.get(place) ?? openItem(item, this.#state, out);
        this.#items.delete(place);
        decoder.done(item, out);
        return false;
      }
      case "completed":
      case "incomplete":
      case "failed":
        this.#end(asRecord(event["response"]) ?? {}, out, type);
        return true;
      default:
        // Events of a later version are skipped.
        this.#items.get(place)?.event(type, event, out);
        return false;
    }
  }

  #pushHead(response: JsonRecord, out: StreamItem[]): void {
    const id = asFilledString(response["id"]);
    const model = asFilledString(response["model"]);
    if (this.#hasHead || (id === null && model === null)) return;
    this.#hasHead = true;
    out.push({
      kind: "head",
      id,
      model,
      createdSeconds: asNumber(response["created_at"]),
      ...present("serviceTier", asFilledString(response["service_tier"])),
    });
  }

  #end(response: JsonRecord, out: StreamItem[], word?: string): void {
    this.#pushHead(response, out);
    const usage = decodeResponsesUsage(response["usage"]);
    if (usage !== null) out.push({ kind: "usage", usage });
    const status = asFilledString(response["status"]) ?? word;
    const error = asRecord(response["error"]);
    if (status === "failed" || (error !== null && status !== "completed")) {
      out.push({ kind: "error", error: decodeProviderError(error ?? {}) });
      return;
    }
    if (status === "completed") {
      const reason = this.#state.calls > 0 ? "tool_calls" : "stop";
      out.push({ kind: "finish", choice: 0, reason, native: null });
    } else if (status === "incomplete") {
      const native = asFilledString(asRecord(response["incomplete_details"])?.["reason"]);
      const reason = native === "content_filter" ? "content_filter" : "length";
      out.push({ kind: "finish", choice: 0, reason, native: native ?? "incomplete" });
    }
  }
}

/** The word of a flat error event is its code; `error` is only what kind of event it is. */
const typeOf = (told: JsonRecord): { readonly type?: null } =>
  told["type"] === "error" ? { type: null } : {};

/** Decodes a Responses stream into neutral items; the finish is its terminal event. */
export const createResponsesStreamDecoder = (maker: Maker): StreamDecoder => {
  const events = new ResponsesEvents(maker);
  return createJsonEventDecoder({ event: (name, json, out) => events.push(name, json, out) });
};
