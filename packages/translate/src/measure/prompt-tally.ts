import type { PromptSize } from "@pointsman/core";
import type { ChainLink } from "./prefix-chain.ts";
import { PrefixChainBuilder } from "./prefix-chain.ts";
import { estimateEscapedBytes, estimateUtf8Bytes } from "./text-bytes.ts";

/** OpenAI's price of a 1024² image in tokens (170 a tile × 4 + 85), and of one at low detail. */
const IMAGE_TOKENS = 765;
const LOW_DETAIL_IMAGE_TOKENS = 85;
/** Base64 characters a token: speech at common bit rates, and documents with their fonts and images. */
const AUDIO_CHARACTERS_PER_TOKEN = 2000;
const FILE_CHARACTERS_PER_TOKEN = 40;

/** Tokens a byte where nothing was learned yet; core starts from the same. */
const BYTES_PER_TOKEN = 4;

/** A prompt's length, and the places a provider's cache may reach to. */
export type MeasuredPrompt = {
  readonly size: PromptSize;
  readonly chain: readonly ChainLink[];
  /** Where the first message of the user ends. */
  readonly opening: ChainLink | null;
};

/** A text that stands in the bytes of a JSON body: from its first byte to its closing quote. */
export type LongText = { readonly start: number; readonly end: number };

/** Texts that were left where they are, by the names that stand for them. */
export type LongTexts = {
  readonly bytes: Uint8Array;
  readonly texts: ReadonlyMap<string, LongText>;
};

/** Adds a prompt up, part by part, in the order in which providers read it. */
export class PromptTally {
  #bytes = 0;
  #extraTokens = 0;
  #role = "";
  #opening: ChainLink | null = null;
  readonly #chain = new PrefixChainBuilder();
  readonly #bytesOf: (text: string) => number;
  readonly #long: LongTexts | null;
  #isSound = true;

  /**
   * @param bytesOf measures one text; `estimateByteTextBytes` for byte text.
   * @param long texts that are not read. @default none
   */
  constructor(
    bytesOf: (text: string) => number = estimateUtf8Bytes,
    long: LongTexts | null = null,
  ) {
    this.#bytesOf = bytesOf;
    this.#long = long;
  }

  text(text: string | null | undefined): void {
    if (text === null || text === undefined) return;
    const long = this.#long?.texts.get(text);
    if (this.#long !== null && long !== undefined) return this.#longText(this.#long.bytes, long);
    const before = this.#bytes;
    const bytes = this.#bytesOf(text);
    this.#chain.text(text, (share) => this.#tokens(before + share * bytes));
    this.#bytes = before + bytes;
  }

  /** Who speaks from here on; counts for nothing. */
  role(role: string): void {
    this.#role = role;
    this.#chain.media(role);
  }

  json(value: unknown): void {
    if (value !== undefined) this.text(JSON.stringify(value));
  }

  image(detail: string | null | undefined, data: string): void {
    this.#chain.media(data);
    this.#extraTokens += detail === "low" ? LOW_DETAIL_IMAGE_TOKENS : IMAGE_TOKENS;
  }

  /** @param data base64 */
  audio(data: string): void {
    this.#chain.media(data);
    this.#extraTokens += Math.ceil(data.length / AUDIO_CHARACTERS_PER_TOKEN);
  }

  /** @param data base64, or a name or URL that stands for it */
  file(data: string): void {
    this.#chain.media(data);
    this.#extraTokens += Math.ceil(data.length / FILE_CHARACTERS_PER_TOKEN);
  }

  /** A message ends; −1 = what stands before all of them, if there is anything. */
  close(ends: number): void {
    if (ends < 0 && this.#bytes === 0) return;
    const link = this.#chain.close(ends, this.#tokens(this.#bytes));
    if (this.#opening === null && this.#role === "user") this.#opening = link;
  }

  measured(): MeasuredPrompt {
    const bytes = this.#bytes;
    const extraTokens = this.#extraTokens;
    return {
      size: extraTokens === 0 ? { bytes } : { bytes, extraTokens },
      chain: this.#chain.chain(),
      opening: this.#opening,
    };
  }

  /** Whether no long text held what a JSON string cannot. */
  get isSound(): boolean {
    return this.#isSound;
  }

  #longText(body: Uint8Array, { start, end }: LongText): void {
    const before = this.#bytes;
    const bytes = estimateEscapedBytes(body, start, end);
    const tokensAt = (share: number): number => this.#tokens(before + share * bytes);
    if (!this.#chain.bytes(body, start, end, tokensAt)) this.#isSound = false;
    this.#bytes = before + bytes;
  }

  #tokens(bytes: number): number {
    return Math.ceil(bytes / BYTES_PER_TOKEN) + this.#extraTokens;
  }
}
