import { escapeLineSeparatorBytes, stringifyForSse } from "../bytes/line-separators.ts";
import { concatBytes } from "../bytes/concat.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { StreamDecoder } from "../neutral/stream-item.ts";
import type { FramedEvent } from "../sse/event-splitter.ts";
import { createSseSplitter } from "../sse/event-splitter.ts";
import { EventTemplates } from "../sse/event-templates.ts";
import { RawRun } from "../sse/raw-run.ts";
import { canonicalChatDialect } from "./chat-dialect.ts";
import { chatContentHoles } from "./content-holes.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeProviderError } from "./provider-error.ts";
import type { ChoiceFinish, ChunkHead } from "./rewrite-chunk.ts";
import { rewriteChunk } from "./rewrite-chunk.ts";
import { decodeHead } from "./stream-head.ts";

const framed = (json: Uint8Array): Uint8Array =>
  concatBytes([encodeUtf8("data: "), escapeLineSeparatorBytes(json), encodeUtf8("\n\n")]);

const contentKeys = ["content", "reasoning_content", "reasoning", "refusal"];

/** Whether a delta carries real content; a role alone, an empty text or a signature is none. */
const hasContent = (delta: JsonRecord | null): boolean => {
  if (delta === null) return false;
  if (contentKeys.some((key) => delta[key] !== "" && (delta[key] ?? null) !== null)) return true;
  if (asArray(delta["images"]).length > 0 || asRecord(delta["audio"]) !== null) return true;
  return asArray(delta["tool_calls"]).some((call) => {
    const definition = asRecord(asRecord(call)?.["function"]);
    return (
      asFilledString(definition?.["name"]) !== null ||
      asFilledString(definition?.["arguments"]) !== null
    );
  });
};

const noHead: ChunkHead = { id: null, model: null, createdSeconds: null };

/**
 * Decodes a canonical chat stream into `raw` items that go out as they are, with `head`, `finish`,
 * `usage` and `error` beside them. The upstream's usage chunk and `[DONE]` are withheld, comments and
 * chunks that say nothing are dropped. Consecutive events of one read are one item over the read's own
 * bytes, which must not change afterwards.
 */
export const createPassthroughChatDecoder = (): StreamDecoder => {
  const templates = new EventTemplates();
  const run = new RawRun();
  const choicesWithCalls = new Set<number>();
  let head: ChunkHead | null = null;
  let failed = false;
  let done = false;

  const fail = (error: unknown): void => {
    failed = true;
    run.inform({ kind: "error", error: decodeProviderError(error) });
  };

  /** `null` = the provider broke the answer off. */
  const finishesOf = (choices: readonly unknown[]): readonly (ChoiceFinish | null)[] | null => {
    const finishes: (ChoiceFinish | null)[] = [];
    for (const entry of choices) {
      const choice = asRecord(entry);
      const index = asNumber(choice?.["index"]) ?? 0;
      const delta = asRecord(choice?.["delta"]);
      if (asArray(delta?.["tool_calls"]).length > 0) choicesWithCalls.add(index);
      const word = asFilledString(choice?.["finish_reason"]);
      if (word === null) {
        finishes.push(null);
        continue;
      }
      const finish = decodeFinish(word, choicesWithCalls.has(index));
      if (!finish.ok) {
        fail({ message: `The provider broke the answer off (${word}).`, code: word });
        return null;
      }
      finishes.push(finish);
    }
    return finishes;
  };

  const forwardChunk = (
    chunk: JsonRecord,
    choices: readonly unknown[],
    { json, text, source }: { json: Uint8Array; text: string; source: FramedEvent | null },
  ): boolean => {
    const finishes = finishesOf(choices);
    if (finishes === null) return false;
    const content = choices.some((entry) => hasContent(asRecord(asRecord(entry)?.["delta"])));
    const rewritten = rewriteChunk(chunk, finishes, head ?? noHead);
    if (rewritten !== null) {
      const bytes = encodeUtf8(`data: ${stringifyForSse(rewritten)}\n\n`);
      run.forward(bytes, 0, bytes.length, content);
    } else if (source === null || escapeLineSeparatorBytes(json) !== json) {
      const bytes = framed(json);
      run.forward(bytes, 0, bytes.length, content);
    } else {
      run.forward(source.bytes, source.start, source.end, content);
      // A first event with a role and an empty text is like no other.
      if (content && finishes.every((finish) => finish === null)) {
        templates.learn(source, text, (byteText) => chatContentHoles(byteText, chunk));
      }
    }
    for (const [place, finish] of finishes.entries()) {
      if (finish === null) continue;
      const choice = asNumber(asRecord(choices[place])?.["index"]) ?? 0;
      run.inform({ kind: "finish", choice, reason: finish.reason, native: finish.native });
    }
    return true;
  };

  const parse = (text: string): JsonRecord | "done" | null => {
    if (text.trim() === "[DONE]") return "done";
    try {
      return asRecord(JSON.parse(text));
    } catch {
      return null;
    }
  };

  const pushEvent = (json: Uint8Array, source: FramedEvent | null, event: string): void => {
    if (failed || done) return;
    const text = decodeUtf8(json);
    const chunk = parse(text);
    if (chunk === "done") {
      done = true;
      return;
    }
    if (chunk === null) return run.inform({ kind: "malformed" });
    const error = event === "error" ? (chunk["error"] ?? chunk) : (chunk["error"] ?? null);
    if (error !== null) return fail(error);
    const choices = asArray(chunk["choices"]);
    if (head === null) {
      const found = decodeHead(chunk, choices.length > 0);
      if (found !== null) {
        head = found;
        run.inform(found);
      }
    }
    if (choices.length > 0 && !forwardChunk(chunk, choices, { json, text, source })) return;
    const usage = decodeChatUsage(findChatUsage(chunk), canonicalChatDialect);
    if (usage !== null) run.inform({ kind: "usage", usage });
  };

  const splitter = createSseSplitter({
    known: (bytes, start) => {
      const end = failed || done ? -1 : templates.match(bytes, start);
      if (end !== -1) run.forward(bytes, start, end, templates.matchedContent);
      return end;
    },
    framed: (source, event) => {
      const json = source.bytes.subarray(source.dataStart, source.end - 2);
      // Chat events have no names.
      pushEvent(json, event === "" ? source : null, event);
    },
    other: (data, event) => pushEvent(data, null, event),
  });

  return {
    get done() {
      return done;
    },
    push: (chunk, items) => {
      run.into(items);
      splitter.push(chunk);
      run.flush();
    },
    end: (items) => {
      run.into(items);
      splitter.end();
      run.flush();
    },
  };
};
