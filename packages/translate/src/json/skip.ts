const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where a short loop gives way to `indexOf`, which costs a call but then runs at memory speed. */
const SHORT_STRING = 48;

export const isJsonSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export const skipSpace = (bytes: Uint8Array, at: number): number => {
  let position = at;
  while (isJsonSpace(bytes[position])) position++;
  return position;
};

const isEscaped = (bytes: Uint8Array, quote: number, start: number): boolean => {
  let at = quote - 1;
  while (at >= start && bytes[at] === BACKSLASH) at--;
  return (quote - 1 - at) % 2 === 1;
};

/** `start` is the first byte inside a string; gives the position of its closing quote, −1 if none. */
export const closingQuote = (bytes: Uint8Array, start: number): number => {
  let at = start;
  for (;;) {
    const shortEnd = Math.min(at + SHORT_STRING, bytes.length);
    while (at < shortEnd) {
      const byte = bytes[at];
      if (byte === QUOTE) return at;
      at += byte === BACKSLASH ? 2 : 1;
    }
    const quote = bytes.indexOf(QUOTE, at);
    if (quote === -1 || !isEscaped(bytes, quote, at)) return quote;
    at = quote + 1;
  }
};

/** End (exclusive) of the JSON value that starts at `start`; −1 if it does not end. */
export const valueEnd = (bytes: Uint8Array, start: number): number => {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const quote = closingQuote(bytes, at + 1);
      if (quote === -1) return -1;
      at = quote + 1;
      if (depth === 0) return at;
      continue;
    }
    if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === 0x2c || isJsonSpace(byte))) {
      return at;
    }
    at++;
  }
  return depth === 0 ? at : -1;
};
