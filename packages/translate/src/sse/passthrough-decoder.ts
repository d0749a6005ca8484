import { concatBytes } from "../bytes/concat.ts";
import { escapeLineSeparatorBytes } from "../bytes/line-separators.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asFilledString, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { isContent } from "../neutral/stream-item.ts";
import type { FramedEvent } from "./event-splitter.ts";
import { createSseSplitter } from "./event-splitter.ts";
import type { Hole } from "./event-templates.ts";
import { EventTemplates } from "./event-templates.ts";
import { RawRun } from "./raw-run.ts";

const parse = (text: string): JsonRecord | null => {
  try {
    return asRecord(JSON.parse(text));
  } catch {
    return null;
  }
};

const frame = (type: string, data: Uint8Array): Uint8Array =>
  concatBytes([encodeUtf8(`event: ${type}\ndata: `), data, encodeUtf8("\n\n")]);

const informs = (item: StreamItem): boolean =>
  item.kind === "head" || item.kind === "usage" || item.kind === "finish" || item.kind === "error";

/**
 * Hands named events on as they are. Those whose type `withholds` are told as `finish`, `usage` and
 * `error` only: the surface writes them itself, with metadata. `read` follows the answer; events known
 * by their bytes pass without being read.
 */
export const createNamedPassthroughDecoder = (options: {
  readonly withholds: (type: string) => boolean;
  /**
   * Whether an event begins the answer, perhaps anew: what came before it without content is dropped, so
   * events wait for the first content.
   */
  readonly begins: (type: string) => boolean;
  /** Appends the items of an event; `true` = nothing more can come. */
  readonly read: (type: string, event: JsonRecord, out: StreamItem[]) => boolean;
  /** What differs between a content event and the next like it; `null` if it is none. */
  readonly holes: (type: string, event: JsonRecord, byteText: string) => readonly Hole[] | null;
}): StreamDecoder => {
  const templates = new EventTemplates();
  const run = new RawRun();
  const scratch: StreamItem[] = [];
  let waiting: Uint8Array[] = [];
  let waits = true;
  let done = false;

  const release = (): void => {
    waits = false;
    for (const bytes of waiting) run.forward(bytes, 0, bytes.length, false);
    waiting = [];
  };

  const forward = (bytes: Uint8Array, start: number, end: number, content: boolean): void => {
    if (waits && !content) {
      waiting.push(bytes.subarray(start, end));
      return;
    }
    if (waits) release();
    run.forward(bytes, start, end, content);
  };

  const pushEvent = (data: Uint8Array, name: string, source: FramedEvent | null): void => {
    if (done) return;
    const text = decodeUtf8(data);
    const json = parse(text);
    if (json === null) {
      // A sentinel that is none of this wire is no fault.
      if (text.trim() !== "[DONE]") run.inform({ kind: "malformed" });
      return;
    }
    const type = asFilledString(json["type"]) ?? name;
    scratch.length = 0;
    done = options.read(type, json, scratch);
    const failed = scratch.some(({ kind }) => kind === "error");
    if (!options.withholds(type) && !failed) {
      if (options.begins(type)) waiting = [];
      const content = scratch.some((item) => isContent(item));
      const escaped = escapeLineSeparatorBytes(data);
      if (source === null || type !== name || escaped !== data) {
        const bytes = frame(type, escaped);
        forward(bytes, 0, bytes.length, content);
      } else {
        forward(source.bytes, source.start, source.end, content);
        // Beside its text such an event tells nothing.
        if (content && scratch.length === 1) {
          templates.learn(source, text, (byteText) => options.holes(type, json, byteText));
        }
      }
    }
    for (const item of scratch) {
      if (!informs(item)) continue;
      if (item.kind === "finish") release();
      run.inform(item.kind === "finish" ? { ...item, json } : item);
    }
  };

  const splitter = createSseSplitter({
    known: (bytes, start) => {
      const end = done ? -1 : templates.match(bytes, start);
      if (end !== -1) forward(bytes, start, end, templates.matchedContent);
      return end;
    },
    framed: (source, event) =>
      pushEvent(source.bytes.subarray(source.dataStart, source.end - 2), event, source),
    other: (data, event) => pushEvent(data, event, null),
  });
  return {
    get done() {
      return done;
    },
    push: (chunk, out) => {
      run.into(out);
      splitter.push(chunk);
      run.flush();
    },
    end: (out) => {
      run.into(out);
      splitter.end();
      run.flush();
    },
  };
};
