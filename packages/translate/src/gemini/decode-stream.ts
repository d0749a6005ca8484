import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asRecord } from "../json/read.ts";
import type { StreamDecoder, StreamItem } from "../neutral/stream-item.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import { CandidateDecoder } from "./candidate-decoder.ts";
import { decodeGeminiUsage } from "./decode-usage.ts";
import { decodeGeminiError } from "./provider-error.ts";

/** Steps of one answer, chunk by chunk; a whole answer is one chunk. */
export class GeminiChunks {
  readonly #candidates = new Map<number, CandidateDecoder>();
  #id: string | null = null;
  #hasHead = false;
  #over = false;

  /** Gives back whether the answer is over: the provider told an error. */
  push(chunk: JsonRecord, out: StreamItem[]): boolean {
    if (this.#over) return true;
    if (asRecord(chunk["error"]) !== null) {
      out.push({ kind: "error", error: decodeGeminiError(chunk["error"]) });
      return (this.#over = true);
    }
    this.#pushHead(chunk, out);
    const blocked = asFilledString(asRecord(chunk["promptFeedback"])?.["blockReason"]);
    const entries = asArray(chunk["candidates"]);
    if (blocked !== null && entries.length === 0) {
      // A blocked prompt has no candidates: the caller's content was filtered.
      const message = `The prompt was blocked (${blocked}).`;
      const error = { message, type: "content_filter", code: "content_filter", param: null };
      this.#pushUsage(chunk, out);
      out.push({ kind: "error", error });
      return (this.#over = true);
    }
    for (const entry of entries) {
      const candidate = asRecord(entry);
      if (candidate !== null && !this.#candidateOf(candidate).push(candidate, out)) {
        this.#over = true;
      }
    }
    if (!this.#over) this.#pushUsage(chunk, out);
    return this.#over;
  }

  #pushHead(chunk: JsonRecord, out: StreamItem[]): void {
    const id = asFilledString(chunk["responseId"]);
    const model = asFilledString(chunk["modelVersion"]);
    this.#id ??= id;
    if (this.#hasHead || (id === null && model === null)) return;
    this.#hasHead = true;
    out.push({ kind: "head", id, model, createdSeconds: null });
  }

  #pushUsage(chunk: JsonRecord, out: StreamItem[]): void {
    const usage = decodeGeminiUsage(chunk["usageMetadata"]);
    if (usage !== null) out.push({ kind: "usage", usage });
  }

  #candidateOf(candidate: JsonRecord): CandidateDecoder {
    const index = CandidateDecoder.indexOf(candidate);
    const known = this.#candidates.get(index);
    if (known !== undefined) return known;
    const made = new CandidateDecoder(index, () => this.#id ?? "0");
    this.#candidates.set(index, made);
    return made;
  }
}

/**
 * Decodes a `streamGenerateContent?alt=sse` stream. It has no end of its own: totals come with every
 * chunk, the finish is the candidate's `finishReason`.
 */
export const createGeminiStreamDecoder = (): StreamDecoder => {
  const chunks = new GeminiChunks();
  return createJsonEventDecoder({ event: (_name, json, out) => chunks.push(json, out) });
};
