import { escapeLineSeparatorBytes, stringifyForSse } from "../bytes/line-separators.ts";
import { concatBytes } from "../bytes/concat.ts";
import { viewOf } from "../bytes/segment.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes/utf8.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { createSseSplitter } from "../sse/event-splitter.ts";
import { canonicalChatDialect } from "./chat-dialect.ts";
import type { ContentTemplate } from "./content-template.ts";
import { learnTemplate, matchTemplate } from "./content-template.ts";
import { decodeChatUsage, findChatUsage } from "./decode-usage.ts";
import { decodeFinish } from "./finish-reason.ts";
import { decodeProviderError } from "./provider-error.ts";
import type { ChoiceFinish, ChunkHead } from "./rewrite-chunk.ts";
import { rewriteChunk } from "./rewrite-chunk.ts";
import { decodeHead } from "./stream-head.ts";

/** Text, reasoning, tool arguments, refusal: the kinds of event a stream mixes. */
const MOST_TEMPLATES = 6;

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

type Source = { readonly bytes: Uint8Array; readonly start: number; readonly end: number };

/**
 * Decodes a canonical chat stream into `raw` items that go out as they are, with `head`, `finish`,
 * `usage` and `error` beside them. The upstream's usage chunk and `[DONE]` are withheld, comments and
 * chunks that say nothing are dropped. Consecutive events of one read are one item over the read's own
 * bytes, which must not change afterwards.
 */
export const createPassthroughChatDecoder = (): StreamDecoder => {
  const templates: ContentTemplate[] = [];
  const choicesWithCalls = new Set<number>();
  let out: StreamItem[] = [];
  let head: ChunkHead | null = null;
  let failed = false;
  let done = false;
  let viewed: Uint8Array = new Uint8Array();
  let view = viewOf(viewed);

  // The run of events that stand side by side in one read and go out unchanged.
  let run: { bytes: Uint8Array; start: number; end: number; content: boolean } | null = null;

  const flush = (): void => {
    if (run === null) return;
    const { bytes, start, end, content } = run;
    out.push({ kind: "raw", bytes: bytes.subarray(start, end), content });
    run = null;
  };

  const forward = ({ bytes, start, end }: Source, content: boolean): void => {
    if (run !== null && run.bytes === bytes && run.end === start) {
      run.end = end;
      run.content ||= content;
      return;
    }
    flush();
    run = { bytes, start, end, content };
  };

  const inform = (item: StreamItem): void => {
    flush();
    out.push(item);
  };

  const fail = (error: unknown): void => {
    failed = true;
    inform({ kind: "error", error: decodeProviderError(error) });
  };

  const learn = ({ bytes, start, end }: Source, chunk: JsonRecord): void => {
    const template = learnTemplate(bytes, start, end, chunk);
    if (template === null) return;
    templates.unshift(template);
    if (templates.length > MOST_TEMPLATES) templates.pop();
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
    json: Uint8Array,
    source: Source | null,
  ): boolean => {
    const finishes = finishesOf(choices);
    if (finishes === null) return false;
    const content = choices.some((entry) => hasContent(asRecord(asRecord(entry)?.["delta"])));
    const rewritten = rewriteChunk(chunk, finishes, head ?? noHead);
    if (rewritten !== null) {
      const bytes = encodeUtf8(`data: ${stringifyForSse(rewritten)}\n\n`);
      forward({ bytes, start: 0, end: bytes.length }, content);
    } else if (source === null || escapeLineSeparatorBytes(json) !== json) {
      const bytes = framed(json);
      forward({ bytes, start: 0, end: bytes.length }, content);
    } else {
      forward(source, content);
      // A first event with a role and an empty text is like no other.
      if (content && finishes.every((finish) => finish === null)) learn(source, chunk);
    }
    for (const [place, finish] of finishes.entries()) {
      if (finish === null) continue;
      const choice = asNumber(asRecord(choices[place])?.["index"]) ?? 0;
      inform({ kind: "finish", choice, reason: finish.reason, native: finish.native });
    }
    return true;
  };

  const parse = (json: Uint8Array): JsonRecord | "done" | null => {
    const text = decodeUtf8(json);
    if (text.trim() === "[DONE]") return "done";
    try {
      return asRecord(JSON.parse(text));
    } catch {
      return null;
    }
  };

  const pushEvent = (json: Uint8Array, source: Source | null, event: string): void => {
    if (failed || done) return;
    const chunk = parse(json);
    if (chunk === "done") {
      done = true;
      return;
    }
    if (chunk === null) return inform({ kind: "malformed" });
    const error = event === "error" ? (chunk["error"] ?? chunk) : (chunk["error"] ?? null);
    if (error !== null) return fail(error);
    const choices = asArray(chunk["choices"]);
    if (head === null) {
      const found = decodeHead(chunk, choices.length > 0);
      if (found !== null) {
        head = found;
        inform(found);
      }
    }
    if (choices.length > 0 && !forwardChunk(chunk, choices, json, source)) return;
    const usage = decodeChatUsage(findChatUsage(chunk), canonicalChatDialect);
    if (usage !== null) inform({ kind: "usage", usage });
  };

  const splitter = createSseSplitter({
    plain: (bytes, start, end) => {
      if (failed || done) return true;
      const source = { bytes, start, end };
      if (viewed !== bytes) {
        viewed = bytes;
        view = viewOf(bytes);
      }
      for (const template of templates) {
        const match = matchTemplate(template, bytes, view, start, end);
        if (match === -1) continue;
        forward(source, match === 1);
        return true;
      }
      const json = bytes.subarray(start + 6, end - 2);
      if (json.indexOf(0x0d) !== -1) return false;
      pushEvent(json, source, "");
      return true;
    },
    other: (data, event) => pushEvent(data, null, event),
  });

  return {
    get done() {
      return done;
    },
    push: (chunk, items) => {
      out = items;
      splitter.push(chunk);
      flush();
    },
    end: (items) => {
      out = items;
      splitter.end();
      flush();
    },
  };
};
