import type { PromptSize } from "@pointsman/core";
import { estimateUtf8Bytes } from "./text-bytes.ts";

/** OpenAI's price of a 1024² image in tokens (170 a tile × 4 + 85), and of one at low detail. */
const IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;
/** Base64 characters a token: speech at common bit rates, and documents with their fonts and images. */
const AUDIO_CHARACTERS_PER_TOKEN = 2000;
const FILE_CHARACTERS_PER_TOKEN = 40;

/** Adds a prompt's length up, part by part. */
export class PromptTally {
  #bytes = 0;
  #extraTokens = 0;
  readonly #bytesOf: (text: string) => number;

  /** @param bytesOf measures one text; `estimateByteTextBytes` for byte text. */
  constructor(bytesOf: (text: string) => number = estimateUtf8Bytes) {
    this.#bytesOf = bytesOf;
  }

  text(text: string | null | undefined): void {
    if (text !== null && text !== undefined) this.#bytes += this.#bytesOf(text);
  }

  json(value: unknown): void {
    if (value !== undefined) this.text(JSON.stringify(value));
  }

  image(detail: string | null | undefined): void {
    this.#extraTokens += detail === "low" ? LOW_DETAIL_IMAGE_TOKENS : IMAGE_TOKENS;
  }

  /** @param characters of base64 */
  audio(characters: number): void {
    this.#extraTokens += Math.ceil(characters / AUDIO_CHARACTERS_PER_TOKEN);
  }

  /** @param characters of base64 */
  file(characters: number): void {
    this.#extraTokens += Math.ceil(characters / FILE_CHARACTERS_PER_TOKEN);
  }

  size(): PromptSize {
    const bytes = this.#bytes;
    const extraTokens = this.#extraTokens;
    return extraTokens === 0 ? { bytes } : { bytes, extraTokens };
  }
}
