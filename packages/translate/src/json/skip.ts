const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where a short loop gives way to `indexOf`, which costs a call but then runs at memory speed. */
const SHORT_STRING = 48;

export const isJsonSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

export const skipSpace = (json: string, at: number): number => {
  let position = at;
  while (isJsonSpace(json.charCodeAt(position))) position++;
  return position;
};

const isEscaped = (json: string, quote: number, start: number): boolean => {
  let at = quote - 1;
  while (at >= start && json.charCodeAt(at) === BACKSLASH) at--;
  return (quote - 1 - at) % 2 === 1;
};

/** `start` is the first place inside a string; gives the place of its closing quote, −1 if none. */
export const closingQuote = (json: string, start: number): number => {
  let at = start;
  const shortEnd = Math.min(at + SHORT_STRING, json.length);
  while (at < shortEnd) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) return at;
    at += code === BACKSLASH ? 2 : 1;
  }
  for (;;) {
    const quote = json.indexOf('"', at);
    if (quote === -1 || !isEscaped(json, quote, at)) return quote;
    at = quote + 1;
  }
};

/** Strings of so many characters are long. */
const LONG_STRING = 8192;

/**
 * End (exclusive) of the JSON value that starts at `start`; −1 if it does not end. The places of long strings
 * in it, first character and closing quote in turn, are added to `longStrings`.
 */
export const valueEnd = (
  json: string,
  start: number,
  longStrings: number[] | null = null,
): number => {
  let depth = 0;
  let at = start;
  while (at < json.length) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const quote = closingQuote(json, at + 1);
      if (quote === -1) return -1;
      if (quote - at > LONG_STRING && longStrings !== null) longStrings.push(at + 1, quote);
      at = quote + 1;
      if (depth === 0) return at;
      continue;
    }
    if (code === 0x7b || code === 0x5b) {
      depth++;
    } else if (code === 0x7d || code === 0x5d) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (code === 0x2c || isJsonSpace(code))) {
      return at;
    }
    at++;
  }
  return depth === 0 ? at : -1;
};
