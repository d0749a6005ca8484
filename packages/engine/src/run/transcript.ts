import type { Endpoint } from "@pointsman/core";
import {
  canonicalChatDialect,
  createChatStreamDecoder,
  createMessagesStreamDecoder,
  createResponsesStreamDecoder,
} from "@pointsman/translate";
import type { StreamDecoder, StreamItem } from "@pointsman/translate";

/** Most that is kept of one answer, bytes; what goes beyond is counted by its share. */
const keptBytes = 1024 * 1024;

/** What a block may cost beside its text, tokens. */
const blockTokens = 64;

/** Raw bytes are those of the caller's own wire. */
const createDecoder: Readonly<Record<Endpoint, () => StreamDecoder>> = {
  chat_completions: () => createChatStreamDecoder(canonicalChatDialect),
  responses: () => createResponsesStreamDecoder("openai"),
  messages: createMessagesStreamDecoder,
};

/** A part of an answer that another provider can say too. */
export type SaidPiece = {
  readonly kind: "text" | "refusal" | "reasoning";
  readonly text: string;
};

/** Neighbours of one kind are one piece. */
export const joinPieces = (pieces: readonly SaidPiece[]): readonly SaidPiece[] => {
  const joined: SaidPiece[] = [];
  for (const { kind, text } of pieces) {
    const last = joined.at(-1);
    if (text === "") continue;
    if (last?.kind === kind) joined[joined.length - 1] = { kind, text: last.text + text };
    else joined.push({ kind, text });
  }
  return joined;
};

/** What an attempt has said: kept to be counted, and to be gone on with, if somebody asks. */
export class Transcript {
  readonly #surface: Endpoint;
  readonly #raw: Uint8Array[] = [];
  readonly #pieces: SaidPiece[] = [];
  #rawKept = 0;
  #rawSeen = 0;
  #textKept = 0;
  #textBytes = 0;
  /** What is billed beside text: calls, images and other blocks. */
  #blocks = 0;
  /** Nothing is missing, and nothing was said that nobody else can say again. */
  #canGoOn = true;

  constructor(surface: Endpoint) {
    this.#surface = surface;
  }

  add(item: StreamItem): void {
    switch (item.kind) {
      case "raw":
        this.#rawSeen += item.bytes.length;
        if (this.#rawKept >= keptBytes) {
          this.#canGoOn = false;
          return;
        }
        this.#rawKept += item.bytes.length;
        this.#raw.push(item.bytes);
        return;
      case "text":
      case "refusal":
      case "reasoning":
        this.#textBytes += Buffer.byteLength(item.text);
        this.#canGoOn &&= item.choice === 0 && this.#textKept < keptBytes;
        if (this.#textKept >= keptBytes) return;
        this.#textKept += item.text.length;
        this.#pieces.push({ kind: item.kind, text: item.text });
        return;
      case "tool_arguments":
        this.#textBytes += Buffer.byteLength(item.text);
        this.#canGoOn = false;
        return;
      case "tool_call":
        this.#textBytes += Buffer.byteLength(item.name);
        this.#blocks += 1;
        this.#canGoOn = false;
        return;
      case "native":
      case "image":
        this.#blocks += 1;
        this.#canGoOn = false;
        return;
      case "reasoning_signature":
      case "reasoning_redacted":
      case "text_signature":
        this.#canGoOn = false;
        return;
      default:
        return;
    }
  }

  /** Bytes that went out as they came. */
  get raw(): readonly Uint8Array[] {
    return this.#raw;
  }

  /** Bytes of text, reasoning and tool arguments so far. */
  totalBytes(): number {
    if (this.#rawKept === 0) return this.#textBytes;
    const decoded = this.#decoded();
    return this.#textBytes + Math.ceil((decoded.#textBytes * this.#rawSeen) / this.#rawKept);
  }

  /** Bytes that came, as they came or as text. */
  get wireBytes(): number {
    return this.#rawSeen + this.#textBytes + this.#blocks * blockTokens;
  }

  /** Upper bound of the tokens so far: a token is a byte at least (docs/contract.md §22). */
  mostTokens(): number {
    const decoded = this.#rawKept === 0 ? 0 : this.#decoded().#blocks;
    return this.totalBytes() + (1 + this.#blocks + decoded) * blockTokens;
  }

  /** The answer so far, if another provider could go on with it, else `null`. */
  said(): readonly SaidPiece[] | null {
    const decoded = this.#decoded();
    if (!this.#canGoOn || !decoded.#canGoOn) return null;
    return joinPieces([...decoded.#pieces, ...this.#pieces]);
  }

  /** What the raw bytes say. */
  #decoded(): Transcript {
    const decoded = new Transcript(this.#surface);
    const decoder = createDecoder[this.#surface]();
    const items: StreamItem[] = [];
    for (const bytes of this.#raw) decoder.push(bytes, items);
    for (const item of items) decoded.add(item);
    return decoded;
  }
}
