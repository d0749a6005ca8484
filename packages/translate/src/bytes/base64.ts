import { decodeUtf8 } from "./utf8.ts";

// A web global that every supported runtime has and `lib: es2024` does not name.
declare const atob: (base64: string) => string;

/** The text that base64 holds; what is no base64 reads as nothing. */
export const decodeBase64Text = (base64: string): string => {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch {
    return "";
  }
  return decodeUtf8(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
};
