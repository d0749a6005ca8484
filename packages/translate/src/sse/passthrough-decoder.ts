import { concatBytes } from "../bytes/concat.ts";
import { escapeLineSeparatorBytes } from "../bytes/line-separators.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asFilledString, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { isContent } from "../neutral/stream-item.ts";
import { createSseSplitter } from "./event-splitter.ts";

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
 * Hands named events on as they are. Those whose type `withholds` are told as `finish`, `usage` and
 * `error` only: the surface writes them itself, with metadata. `read` follows the answer.
 */
export const createNamedPassthroughDecoder = (options: {
  readonly withholds: (type: string) => boolean;
  /**
   * Whether an event begins the answer, perhaps anew: what came before it without content is dropped, so
   * events wait for the first content. @default none does, nothing waits
   */
  readonly begins?: (type: string) => boolean;
  /** Appends the items of an event; `true` = nothing more can come. */
  readonly read: (type: string, event: JsonRecord, out: StreamItem[]) => boolean;
}): StreamDecoder => {
  const scratch: StreamItem[] = [];
  let sink: StreamItem[] = [];
  let waiting: Uint8Array[] = [];
  let waits = options.begins !== undefined;
  let done = false;

  const release = (): void => {
    waits = false;
    for (const bytes of waiting) sink.push({ kind: "raw", bytes, content: false });
    waiting = [];
  };

  const forward = (type: string, bytes: Uint8Array, content: boolean): void => {
    if (options.begins?.(type) === true) waiting = [];
    if (waits && !content) {
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
      // A sentinel that is none of this wire is no fault.
      if (decodeUtf8(data).trim() !== "[DONE]") sink.push({ kind: "malformed" });
      return;
    }
    const type = asFilledString(json["type"]) ?? name;
    scratch.length = 0;
    done = options.read(type, json, scratch);
    const failed = scratch.some(({ kind }) => kind === "error");
    if (!options.withholds(type) && !failed) {
      forward(
        type,
        frame(type, data),
        scratch.some((item) => isContent(item)),
      );
    }
    for (const item of scratch) {
      if (!informs(item)) continue;
      if (item.kind === "finish") release();
      sink.push(item.kind === "finish" ? { ...item, json } : item);
    }
  };

  const splitter = createSseSplitter({ plain: () => false, other: push });
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
