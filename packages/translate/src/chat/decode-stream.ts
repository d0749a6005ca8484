import { asArray, asFilledString, asRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import type { ChatDialect } from "./chat-dialect.ts";
import { decodeCitations } from "./decode-citations.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { decodeProviderError } from "./provider-error.ts";
import { createChoicesDecoder } from "./stream-choices.ts";
import { decodeHead } from "./stream-head.ts";

/**
 * Decodes any vendor's chat stream into neutral items. Usage may come with, before or after the finish
 * and more than once; an error ends the answer, whatever follows it.
 */
export const createChatStreamDecoder = (dialect: ChatDialect): StreamDecoder => {
  const choices = createChoicesDecoder();
  let hasHead = false;
  let failed = false;

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

  return createJsonEventDecoder({
    event: (name, chunk, out) => {
      // Only the sentinel ends a stream: usage may come after the finish.
      if (failed) return false;
      const told = name === "error" && chunk["error"] === undefined;
      pushChunk(told ? { error: chunk } : chunk, out);
      return false;
    },
  });
};
