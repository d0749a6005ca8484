import type { ErrorCode } from "yaml";

/** Said in our own words by code, since the parser's messages quote the file, secrets included. */
const expectedByCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: "an alias without anchor or tag of its own",
  BAD_ALIAS: "an alias with a name",
  BAD_DIRECTIVE: "a YAML directive of the form %NAME value",
  BAD_DQ_ESCAPE: "a valid escape in the double-quoted text",
  BAD_INDENT: "indentation that fits the lines above, and every bracket closed",
  BAD_PROP_ORDER: "anchor and tag before the value's indicator",
  BAD_SCALAR_START: "a text in quotes, since it begins with a character reserved by YAML",
  BLOCK_AS_IMPLICIT_KEY:
    'one "key: value" a line (a text that ends in a colon, like "memory:", needs quotes)',
  BLOCK_IN_FLOW: "no indented block inside { } or [ ]",
  KEY_OVER_1024_CHARS: "a key of at most 1024 characters",
  MISSING_CHAR: "the character that closes or separates what was begun here",
  MULTILINE_IMPLICIT_KEY: "a key on one line, followed by a colon",
  MULTIPLE_ANCHORS: "at most one anchor",
  MULTIPLE_DOCS: "one document in the file",
  MULTIPLE_TAGS: "at most one tag",
  TAB_AS_INDENT: "spaces instead of tabs as indentation",
  TAG_RESOLVE_FAILED: "a value without this tag",
  UNEXPECTED_TOKEN: "a value, key or list item",
};

export const expectedOfSyntaxError = (code: ErrorCode): string =>
  `valid YAML 1.2: ${expectedByCode[code] ?? "another way to write this"}`;
