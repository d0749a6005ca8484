import type { PrefixLink } from "@pointsman/core";

export type Message = { readonly role: string; readonly content: string };

const utf8 = new TextEncoder();

/** UTF-8 bytes of what the model will see. */
export const bytesOf = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + utf8.encode(content).length, 0);

/** One lane of FNV-1a, gone on with from `from`. */
const lane = (from: number, text: string): number => {
  let hash = from;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  }
  return hash >>> 0;
};

/**
 * One link a message: a hash of everything up to its end, and about how many tokens that is. Core
 * sees no text; by equal hashes it knows a conversation again and where it is likely to be cached.
 * It starts with the workspace, so that no two share a link.
 */
export const prefixChain = (
  workspace: string,
  messages: readonly Message[],
): readonly PrefixLink[] => {
  let high = lane(0x811c_9dc5, workspace);
  let low = lane(0x1234_5678, workspace);
  let bytes = 0;
  return messages.map((message) => {
    const { role, content } = message;
    bytes += bytesOf([message]);
    const text = `\0${role}\0${content}`;
    high = lane(high, text);
    low = lane(low, text);
    // 53 bits: as many as a number keeps exactly.
    const hash = high * 2 ** 21 + (low >>> 11);
    return { hash, tokens: Math.ceil(bytes / 4) };
  });
};
