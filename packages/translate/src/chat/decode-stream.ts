import { createParser } from "eventsource-parser";
import { createUtf8StreamDecoder } from "../bytes/utf8.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { decodeCitations } from "./decode-citations.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { decodeProviderError } from "./provider-error.ts";
import { createChoicesDecoder } from "./stream-choices.ts";
import { decodeHead } from "./stream-head.ts";

const parseChunk = (data: string): JsonRecord | null => {
  try {
    return asRecord(JSON.parse(data));
  } catch {
    return null;
  }
};

/**
 * Decodes any vendor's chat stream into neutral items. Usage may come with, before or after the finish
 * and more than once; an error ends the answer, whatever follows it.
 */
export const createChatStreamDecoder = (dialect: ChatDialect): StreamDecoder => {
  const text = createUtf8StreamDecoder();
  const choices = createChoicesDecoder();
  let sink: StreamItem[] = [];
  let hasHead = false;
  let failed = false;
  let done = false;

  const pushChunk = (chunk: JsonRecord, out: StreamItem[]): void => {
    const error = chunk["error"];
    if (error !== undefined && error !== null) {
      failed = true;
      out.push({ kind: "error", error: decodeProviderError(error) });
      return;
    }
    const entries = asArray(chunk["choices"]);
    if (!hasHead) {
      const head = decodeHead(chunk, entries.length > 0);
      if (head !== null) {
        hasHead = true;
        out.push(head);
      }
    }
    const ends = entries.some(
      (entry) => asFilledString(asRecord(entry)?.["finish_reason"]) !== null,
    );
    const annotations = ends ? decodeCitations(chunk) : [];
    if (annotations.length > 0) out.push({ kind: "annotations", choice: 0, annotations });
    failed = !choices.push(entries, out);
    const usage = decodeChatUsage(findChatUsage(chunk), dialect);
    if (usage !== null) out.push({ kind: "usage", usage });
  };

  const parser = createParser({
    onEvent: ({ event, data }) => {
      done ||= data.trim() === "[DONE]";
      if (failed || done) return;
      const chunk = parseChunk(data);
      if (chunk === null) {
        sink.push({ kind: "malformed" });
      } else if (event === "error" && chunk["error"] === undefined) {
        pushChunk({ error: chunk }, sink);
      } else {
        pushChunk(chunk, sink);
      }
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
