import type { JsonRecord } from "../json/read.ts";
import { asRecord, asString } from "../json/read.ts";
import { splitNamedEvents } from "./named-events.ts";

/** What the events of a Responses stream add up to. */
export type FoldedResponsesStream = {
  /** Text of all deltas, in order. */
  readonly text: string;
  /** Items that ended, in order. */
  readonly items: readonly JsonRecord[];
  /** Of the terminal event. */
  readonly response: JsonRecord | null;
  readonly routingMetadata: JsonRecord | null;
  /** Of `response.failed` or of an `error` event. */
  readonly error: JsonRecord | null;
};

/** Adds a whole Responses stream up, as a client does. */
export const foldResponsesStream = (stream: string): FoldedResponsesStream => {
  let text = "";
  let response: JsonRecord | null = null;
  let routingMetadata: JsonRecord | null = null;
  let error: JsonRecord | null = null;
  const items: JsonRecord[] = [];
  for (const { name, json } of splitNamedEvents(stream)) {
    if (json === null) continue;
    if (name === "response.output_text.delta") text += asString(json["delta"]) ?? "";
    const item = name === "response.output_item.done" ? asRecord(json["item"]) : null;
    if (item !== null) items.push(item);
    if (name === "error") error = json;
    if (name === "response.failed") error = asRecord(asRecord(json["response"])?.["error"]);
    if (/^response\.(?:completed|incomplete|failed)$/u.test(name ?? "")) {
      response = asRecord(json["response"]);
      routingMetadata = asRecord(json["routing_metadata"]);
    }
  }
  return { text, items, response, routingMetadata, error };
};
