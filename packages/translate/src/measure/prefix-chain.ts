import type { PrefixLink } from "@pointsman/core";
import { writeUtf8 } from "../bytes/utf8.ts";

/** Texts are cut every so many characters at first, and every eighth of their length later on. */
const CUT_CHARACTERS = 2048;
const CUT_SHARE = 8;
/** Media are known by their length and this many samples of so many characters. */
const MEDIA_SAMPLES = 16;
const MEDIA_SAMPLE_CHARACTERS = 64;
/** Most links of a chain: its beginning, which conversations share, and its end, which goes on. */
const FIRST_LINKS = 64;
const LAST_LINKS = 192;

/** A place in a prompt that a provider's cache may reach to, and what stands before it. */
export type ChainLink = {
  /** Two hashes of all that stands before, 32 bits each. */
  readonly high: number;
  readonly low: number;
  /** Tokens before it, estimated. */
  readonly tokens: number;
  /**
   * What ends here: the message of this index, −1 = tools and answer schema; `null` = a cut within a
   * long text.
   */
  readonly ends: number | null;
};

const HIGH_SEED = 0x811c_9dc5;
const LOW_SEED = 0x9747_b28c;

const BLANK = 0x20;
/** One in every byte of a word. */
const BLANKS = 0x2020_2020;
const HIGH_BITS = 0x8080_8080;

/** One step of a multiply-and-shift hash; two lanes of unlike multipliers make up for its haste. */
const highStep = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 13);
};

const lowStep = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
};

/** Where texts are turned into words; what stands in it means nothing between two calls. */
let scratch = new Uint8Array(8 * CUT_CHARACTERS);
let words = new Uint32Array(scratch.buffer);

const widenScratch = (bytes: number): void => {
  scratch = new Uint8Array(Math.ceil(bytes / 4096) * 4096);
  words = new Uint32Array(scratch.buffer);
};

/** Builds the chain of one prompt in the order in which providers read it. */
export class PrefixChainBuilder {
  readonly #links: ChainLink[] = [];
  #high = HIGH_SEED;
  #low = LOW_SEED;

  /** Goes on with a text. `tokensAt` tells how many tokens stand before a share of it, 0 to 1. */
  text(text: string, tokensAt: (share: number) => number): void {
    const { length } = text;
    let from = 0;
    while (length - from > CUT_CHARACTERS) {
      const to = from + Math.max(CUT_CHARACTERS, Math.floor(from / CUT_SHARE));
      if (to >= length) break;
      this.#hash(text, from, to);
      this.#links.push(this.#link(tokensAt(to / length), null));
      from = to;
    }
    this.#hash(text, from, length);
    this.#word(length);
  }

  /**
   * Goes on with the bytes of a JSON string, escapes as they stand: a text that comes as bytes goes on like
   * itself, not like the text it means. `false` = a control character is among them, which no string holds.
   */
  bytes(
    bytes: Uint8Array,
    start: number,
    end: number,
    tokensAt: (share: number) => number,
  ): boolean {
    const length = end - start;
    let from = 0;
    let isClean = true;
    while (length - from > CUT_CHARACTERS) {
      const to = from + Math.max(CUT_CHARACTERS, Math.floor(from / CUT_SHARE));
      if (to >= length) break;
      isClean = this.#hashBytes(bytes, start + from, start + to) && isClean;
      this.#links.push(this.#link(tokensAt(to / length), null));
      from = to;
    }
    isClean = this.#hashBytes(bytes, start + from, end) && isClean;
    this.#word(length);
    return isClean;
  }

  /** Goes on with base64 or a URL, by its length and samples of it. */
  media(data: string): void {
    const { length } = data;
    if (length <= MEDIA_SAMPLES * MEDIA_SAMPLE_CHARACTERS) this.#hash(data, 0, length);
    else {
      const step = (length - MEDIA_SAMPLE_CHARACTERS) / (MEDIA_SAMPLES - 1);
      for (let sample = 0; sample < MEDIA_SAMPLES; sample += 1) {
        const from = Math.floor(sample * step);
        this.#hash(data, from, from + MEDIA_SAMPLE_CHARACTERS);
      }
    }
    this.#word(length);
  }

  /** A message, or what stands before all messages, ends here. */
  close(ends: number, tokens: number): ChainLink {
    this.#word(-1);
    const link = this.#link(tokens, ends);
    this.#links.push(link);
    return link;
  }

  chain(): readonly ChainLink[] {
    const links = this.#links;
    if (links.length <= FIRST_LINKS + LAST_LINKS) return links;
    return [...links.slice(0, FIRST_LINKS), ...links.slice(-LAST_LINKS)];
  }

  #link(tokens: number, ends: number | null): ChainLink {
    return { high: this.#high, low: this.#low, tokens, ends };
  }

  #word(word: number): void {
    this.#high = highStep(this.#high, word);
    this.#low = lowStep(this.#low, word);
  }

  /**
   * Four bytes a step: reading characters one by one costs four times as much. Even and odd words have lanes of
   * their own, since a step waits for the one before it.
   */
  #hash(text: string, from: number, to: number): void {
    const piece = from === 0 && to === text.length ? text : text.slice(from, to);
    const most = piece.length * 3;
    if (scratch.length < most) widenScratch(most);
    this.#hashScratch(writeUtf8(piece, scratch));
  }

  /** `false` = a byte among them is below a blank. */
  #hashBytes(bytes: Uint8Array, from: number, to: number): boolean {
    const length = to - from;
    if (scratch.length < length + 8) widenScratch(length + 8);
    scratch.set(bytes.subarray(from, to));
    let isClean = (this.#hashScratch(length) & HIGH_BITS) === 0;
    for (let at = length - (length % 8); at < length; at += 1) {
      if ((scratch[at] ?? 0) < BLANK) isClean = false;
    }
    return isClean;
  }

  /**
   * Hashes the first `length` bytes of `scratch`, filled up with zeros to eight. A high bit is set in the result
   * where one of the eights it is made of has a byte below a blank; the last, where it was filled up, is not seen.
   */
  #hashScratch(length: number): number {
    const whole = (length >>> 3) * 2;
    const count = ((length + 7) >>> 3) * 2;
    scratch.fill(0, length, count * 4);
    let below = 0;
    let high = this.#high;
    let low = this.#low;
    let oddHigh = LOW_SEED;
    let oddLow = HIGH_SEED;
    for (let at = 0; at < count; at += 2) {
      const even = words[at] ?? 0;
      const odd = words[at + 1] ?? 0;
      // "Determine if a word has a byte less than n", Bit Twiddling Hacks.
      if (at < whole) below |= ((even - BLANKS) & ~even) | ((odd - BLANKS) & ~odd);
      high = highStep(high, even);
      low = lowStep(low, even);
      oddHigh = highStep(oddHigh, odd);
      oddLow = lowStep(oddLow, odd);
    }
    this.#high = highStep(high, oddHigh);
    this.#low = lowStep(low, oddLow);
    return below;
  }
}

/**
 * A chain as core takes it, bound to a key: equal prompts under unlike keys have nothing in common.
 * @param key a workspace's id
 */
export const keyedPrefix = (chain: readonly ChainLink[], key: string): readonly PrefixLink[] => {
  let keyHigh = LOW_SEED;
  let keyLow = HIGH_SEED;
  for (let at = 0; at < key.length; at += 1) {
    keyHigh = highStep(keyHigh, key.charCodeAt(at));
    keyLow = lowStep(keyLow, key.charCodeAt(at));
  }
  return chain.map(({ high, low, tokens }) => {
    const boundHigh = highStep(lowStep(high, keyHigh), low) >>> 0;
    const boundLow = lowStep(highStep(low, keyLow), high) >>> 0;
    // 53 bits: as many as a number keeps exactly.
    return { hash: boundHigh * 2 ** 21 + (boundLow >>> 11), tokens };
  });
};
