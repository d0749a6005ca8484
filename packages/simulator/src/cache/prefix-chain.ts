import { createHash } from "node:crypto";
import { tokensOf } from "../tokens/tokenize.ts";

/** A piece of the prompt as the provider sees it. */
export type PromptSegment = {
  readonly text: string;
  /** A fixed size (images, message overhead); `null` = as many tokens as the text has. */
  readonly tokens: number | null;
};

/** A prompt's size and the cumulative hashes of its whole blocks. */
export type PrefixChain = {
  readonly tokens: number;
  readonly blockTokens: number;
  /** `blocks[i]` stands for the first `(i + 1) * blockTokens` tokens. */
  readonly blocks: readonly string[];
};

const link = (previous: string, text: string): string =>
  createHash("sha1").update(previous).update(text).digest("base64");

/** Walks the prompt once; hashes begin with `scope`, so chains of different accounts never meet. */
export const prefixChain = (
  scope: string,
  segments: readonly PromptSegment[],
  blockTokens: number,
): PrefixChain => {
  const size = Math.max(1, blockTokens);
  const blocks: string[] = [];
  let tokens = 0;
  let previous = scope;
  let pending = "";
  const closeBlock = (): void => {
    previous = link(previous, pending);
    blocks.push(previous);
    pending = "";
  };
  for (const segment of segments) {
    if (segment.tokens === null) {
      for (const piece of tokensOf(segment.text)) {
        pending += piece;
        tokens += 1;
        if (tokens % size === 0) closeBlock();
      }
      continue;
    }
    pending += `\0${segment.text}\0`;
    for (let index = 0; index < segment.tokens; index += 1) {
      tokens += 1;
      if (tokens % size === 0) closeBlock();
    }
  }
  return { tokens, blockTokens: size, blocks };
};
