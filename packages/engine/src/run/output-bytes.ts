import type { Endpoint } from "@pointsman/core";
import {
  canonicalChatDialect,
  createChatStreamDecoder,
  createMessagesStreamDecoder,
  createResponsesStreamDecoder,
} from "@pointsman/translate";
import type { StreamDecoder, StreamItem } from "@pointsman/translate";

/** Most raw bytes kept to be counted later; what goes beyond is counted by its share. */
const keptBytes = 1024 * 1024;

/** Raw bytes are those of the caller's own wire. */
const createDecoder: Readonly<Record<Endpoint, () => StreamDecoder>> = {
  chat_completions: () => createChatStreamDecoder(canonicalChatDialect),
  responses: () => createResponsesStreamDecoder("openai"),
  messages: createMessagesStreamDecoder,
};

/** Counts the output of a stream: text as it comes, raw bytes only if somebody asks. */
export class OutputBytes {
  readonly #surface: Endpoint;
  readonly #raw: Uint8Array[] = [];
  #rawKept = 0;
  #rawSeen = 0;
  #text = 0;

  constructor(surface: Endpoint) {
    this.#surface = surface;
  }

  add(item: StreamItem): void {
    switch (item.kind) {
      case "raw":
        this.#rawSeen += item.bytes.length;
        if (this.#rawKept >= keptBytes) return;
        this.#rawKept += item.bytes.length;
        this.#raw.push(item.bytes);
        return;
      case "text":
      case "refusal":
      case "reasoning":
      case "tool_arguments":
        this.#text += Buffer.byteLength(item.text);
        return;
      default:
        return;
    }
  }

  /** Bytes of text, reasoning and tool arguments so far. */
  total(): number {
    if (this.#rawKept === 0) return this.#text;
    const decoder = createDecoder[this.#surface]();
    const items: StreamItem[] = [];
    for (const bytes of this.#raw) decoder.push(bytes, items);
    const decoded = new OutputBytes(this.#surface);
    for (const item of items) decoded.add(item);
    return this.#text + Math.ceil((decoded.#text * this.#rawSeen) / this.#rawKept);
  }
}
