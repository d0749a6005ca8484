import { createParser } from "eventsource-parser";
import { createUtf8StreamDecoder } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";

/** Reads the events of one answer. */
export type JsonEventReader = {
  /** One event; `name` = its `event:` line, `""` if it has none. Gives back whether it was the last. */
  event(name: string, json: JsonRecord, out: StreamItem[]): boolean;
};

const parseEvent = (data: string): JsonRecord | null => {
  try {
    return asRecord(JSON.parse(data));
  } catch {
    return null;
  }
};

/**
 * A decoder of SSE whose data is one JSON object an event, whatever way the bytes are cut. What is no
 * JSON is told as `malformed`; what follows the last event or `[DONE]` is nobody's.
 */
export const createJsonEventDecoder = (reader: JsonEventReader): StreamDecoder => {
  const text = createUtf8StreamDecoder();
  let sink: StreamItem[] = [];
  let done = false;

  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (done) return;
      if (data.trim() === "[DONE]") {
        done = true;
        return;
      }
      const json = parseEvent(data);
      if (json === null) sink.push({ kind: "malformed" });
      else done = reader.event(event ?? "", json, sink);
    },
  });

  return {
    get done() {
      return done;
    },
    push: (chunk, out) => {
      sink = out;
      parser.feed(text.decode(chunk, { stream: true }));
    },
    end: (out) => {
      sink = out;
      parser.feed(`${text.decode()}\n\n`);
    },
  };
};
