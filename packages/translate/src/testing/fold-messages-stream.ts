import type { JsonRecord } from "../json/read.ts";
import { asRecord, asString } from "../json/read.ts";
import { BlockFolder } from "../messages/fold-blocks.ts";
import { splitNamedEvents } from "./named-events.ts";

/** What the events of a Messages stream add up to. */
export type FoldedMessagesStream = {
  readonly id: string | null;
  readonly model: string | null;
  readonly content: readonly JsonRecord[];
  readonly stopReason: string | null;
  readonly stopSequence: string | null;
  readonly usage: JsonRecord | null;
  readonly routingMetadata: JsonRecord | null;
  /** The last `message_delta`, whole. */
  readonly closing: JsonRecord | null;
  readonly error: JsonRecord | null;
  readonly done: boolean;
};

/** Adds a whole Messages stream up, as a client does. */
export const foldMessagesStream = (text: string): FoldedMessagesStream => {
  const folder = new BlockFolder();
  let message: JsonRecord | null = null;
  let closing: JsonRecord | null = null;
  let error: JsonRecord | null = null;
  let done = false;
  for (const { name, json } of splitNamedEvents(text)) {
    if (json === null) continue;
    if (name === "message_start") message = asRecord(json["message"]);
    else if (name === "message_delta") closing = json;
    else if (name === "message_stop") done = true;
    else if (name === "error") error = asRecord(json["error"]);
    else folder.event(json);
  }
  const delta = asRecord(closing?.["delta"]);
  return {
    id: asString(message?.["id"]),
    model: asString(message?.["model"]),
    content: folder.blocks,
    stopReason: asString(delta?.["stop_reason"]),
    stopSequence: asString(delta?.["stop_sequence"]),
    usage: asRecord(closing?.["usage"]),
    routingMetadata: asRecord(closing?.["routing_metadata"]),
    closing,
    error,
    done,
  };
};
