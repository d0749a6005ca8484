import { concatBytes } from "../bytes/concat.ts";
import { escapeLineSeparatorBytes } from "../bytes/line-separators.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asFilledString, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { isContent } from "../neutral/stream-item.ts";
import { createSseSplitter } from "../sse/event-splitter.ts";
import { MessagesEvents } from "./decode-stream.ts";

/** Events that the surface writes itself, with metadata, or leaves out. */
const withheld: ReadonlySet<string> = new Set(["message_delta", "message_stop", "error", "ping"]);

const parse = (data: Uint8Array): JsonRecord | null => {
  try {
    return asRecord(JSON.parse(decodeUtf8(data)));
  } catch {
    return null;
  }
};

const frame = (type: string, data: Uint8Array): Uint8Array =>
  concatBytes([
    encodeUtf8(`event: ${type}\ndata: `),
    escapeLineSeparatorBytes(data),
    encodeUtf8("\n\n"),
  ]);

const informs = (item: StreamItem): boolean =>
  item.kind === "head" || item.kind === "usage" || item.kind === "finish" || item.kind === "error";

/**
 * Hands Anthropic's events on as they are; the last ones are told as `finish`, `usage` and `error`,
 * which the surface writes. Texts of calls and answers are never changed. What comes before the first
 * content waits for it: until then the answer may begin anew, and the second beginning is the one.
 */
export const createPassthroughMessagesDecoder = (): StreamDecoder => {
  const events = new MessagesEvents();
  const scratch: StreamItem[] = [];
  let sink: StreamItem[] = [];
  let waiting: Uint8Array[] = [];
  let hasContent = false;
  let done = false;

  const release = (): void => {
    for (const bytes of waiting) sink.push({ kind: "raw", bytes, content: false });
    waiting = [];
  };

  const forward = (type: string, data: Uint8Array, content: boolean): void => {
    if (type === "message_start") waiting = [];
    const bytes = frame(type, data);
    hasContent ||= content;
    if (!hasContent) {
      waiting.push(bytes);
      return;
    }
    release();
    sink.push({ kind: "raw", bytes, content });
  };

  const push = (data: Uint8Array, name: string): void => {
    if (done) return;
    const json = parse(data);
    if (json === null) {
      sink.push({ kind: "malformed" });
      return;
    }
    const type = asFilledString(json["type"]) ?? name;
    scratch.length = 0;
    done = events.push(type, json, scratch);
    const failed = scratch.some(({ kind }) => kind === "error");
    if (!withheld.has(type) && !failed) forward(type, data, scratch.some(isContent));
    for (const item of scratch) {
      if (!informs(item)) continue;
      if (item.kind === "finish") release();
      sink.push(item.kind === "finish" ? { ...item, json } : item);
    }
  };

  const splitter = createSseSplitter({
    plain: () => false,
    other: push,
  });

  return {
    get done() {
      return done;
    },
    push: (chunk, out) => {
      sink = out;
      splitter.push(chunk);
    },
    end: (out) => {
      sink = out;
      splitter.end();
    },
  };
};
