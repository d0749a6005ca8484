// Web globals that every supported runtime has and `lib: es2024` does not name.
declare const TextEncoder: new () => {
  encode(text: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { readonly written: number };
};
declare const TextDecoder: new () => Utf8StreamDecoder;
// What Node and those like it have beside.
declare const Buffer:
  | {
      from(
        buffer: ArrayBufferLike,
        offset: number,
        length: number,
      ): { write(text: string): number };
    }
  | undefined;

/** Decodes UTF-8 that arrives in pieces; a character cut between pieces comes out whole. */
export interface Utf8StreamDecoder {
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** It writes the same bytes, and those that are not ASCII many times as fast. */
const nodeBuffer = typeof Buffer === "undefined" ? undefined : Buffer;

/** UTF-8 bytes of `text`; lone surrogates become U+FFFD. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Writes UTF-8 of `text` to the start of `target`, which must be long enough; returns how many bytes. */
export const writeUtf8 = (text: string, target: Uint8Array): number => {
  if (nodeBuffer === undefined) return encoder.encodeInto(text, target).written;
  return nodeBuffer.from(target.buffer, target.byteOffset, target.byteLength).write(text);
};

/** Text of UTF-8 `bytes`; invalid sequences become U+FFFD, one leading BOM is dropped. */
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

export const createUtf8StreamDecoder = (): Utf8StreamDecoder => new TextDecoder();
