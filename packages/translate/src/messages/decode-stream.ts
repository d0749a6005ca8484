import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { isContent } from "../neutral/stream-item.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import { decodeProviderError } from "../chat/provider-error.ts";
import type { AnswerState, BlockDecoder } from "./block-decoder.ts";
import { openBlock } from "./block-decoder.ts";
import { decodeMessagesUsage, mergeUsage } from "./decode-usage.ts";
import { decodeStopReason } from "./stop-reason.ts";

/** Steps of one answer, event by event. */
export class MessagesEvents {
  #state: AnswerState = { calls: 0, textLength: 0 };
  #blocks = new Map<number, BlockDecoder>();
  #usage: JsonRecord = {};
  #hasHead = false;
  #hasContent = false;
  #finished = false;

  /** Gives back whether nothing more can come. */
  push(name: string, event: JsonRecord, out: StreamItem[]): boolean {
    const from = out.length;
    const over = this.#read(asFilledString(event["type"]) ?? name, event, out);
    for (let at = from; at < out.length && !this.#hasContent; at += 1) {
      const item = out[at];
      this.#hasContent = item !== undefined && isContent(item);
    }
    return over;
  }

  #read(type: string, event: JsonRecord, out: StreamItem[]): boolean {
    switch (type) {
      case "message_start":
        return this.#start(asRecord(event["message"]) ?? {}, out);
      case "content_block_start":
        this.#blocks.set(
          asNumber(event["index"]) ?? 0,
          openBlock(asRecord(event["content_block"]) ?? {}, this.#state, out),
        );
        return false;
      case "content_block_delta": {
        const block = this.#blocks.get(asNumber(event["index"]) ?? 0);
        block?.delta(asRecord(event["delta"]) ?? {}, out);
        return false;
      }
      case "content_block_stop": {
        const index = asNumber(event["index"]) ?? 0;
        this.#blocks.get(index)?.stop(out);
        this.#blocks.delete(index);
        return false;
      }
      case "message_delta":
        this.#usage = mergeUsage(this.#usage, event["usage"]);
        this.#pushUsage(out);
        this.#finish(asRecord(event["delta"]) ?? {}, out);
        return false;
      case "message_stop":
        return true;
      case "error":
        out.push({ kind: "error", error: decodeProviderError(event["error"]) });
        return true;
      default:
        // Pings, and events of a later version.
        return false;
    }
  }

  #start(message: JsonRecord, out: StreamItem[]): boolean {
    if (this.#hasContent) {
      // A second answer replaces the unfinished first, of which a part is out already.
      const error = { message: "The provider began its answer anew.", type: "api_error" };
      out.push({ kind: "error", error: { ...error, code: null, param: null } });
      return true;
    }
    this.#state = { calls: 0, textLength: 0 };
    this.#blocks = new Map();
    this.#usage = mergeUsage({}, message["usage"]);
    this.#pushHead(message, out);
    this.#pushUsage(out);
    for (const entry of asArray(message["content"])) {
      const block = asRecord(entry);
      if (block !== null) openBlock(block, this.#state, out).stop(out);
    }
    // Calls made by a program come whole, with their end.
    this.#finish(message, out);
    return false;
  }

  #pushHead(message: JsonRecord, out: StreamItem[]): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    out.push({
      kind: "head",
      id: asFilledString(message["id"]),
      model: asFilledString(message["model"]),
      createdSeconds: null,
      ...present("serviceTier", asFilledString(asRecord(message["usage"])?.["service_tier"])),
    });
  }

  #pushUsage(out: StreamItem[]): void {
    const usage = decodeMessagesUsage(this.#usage);
    if (usage !== null) out.push({ kind: "usage", usage });
  }

  #finish(delta: JsonRecord, out: StreamItem[]): void {
    const word = asFilledString(delta["stop_reason"]);
    if (word === null || this.#finished) return;
    this.#finished = true;
    for (const block of this.#blocks.values()) block.stop(out);
    this.#blocks.clear();
    const stopSequence = present("stopSequence", asFilledString(delta["stop_sequence"]));
    const end = decodeStopReason(word, this.#state.calls > 0);
    out.push({ kind: "finish", choice: 0, ...end, ...stopSequence });
  }
}

/** Decodes a Messages stream into neutral items; the finish is the `stop_reason` of `message_delta`. */
export const createMessagesStreamDecoder = (): StreamDecoder => {
  const events = new MessagesEvents();
  return createJsonEventDecoder({ event: (name, json, out) => events.push(name, json, out) });
};
