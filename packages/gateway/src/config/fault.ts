/** One thing that is wrong with a configuration file. Nothing in it holds a secret. */
export type ConfigFault = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `providers.openai.baseUrl`; empty = the file as a whole. */
  readonly path: string;
  /** What would have been right, to be read after "expected". */
  readonly expected: string;
  /** What stood there instead, to be read after "found"; `null` = nothing to show. */
  readonly found: string | null;
  /** The name that was probably meant; `null` = none is near. */
  readonly suggestion: string | null;
};

/** One line: `pointsman.yaml:12:9 providers.openai.baseUrl: expected an http(s) URL, found "foo"`. */
export const formatFault = (fault: ConfigFault): string => {
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  const head = fault.path === "" ? place : `${place} ${fault.path}`;
  const found = fault.found === null ? "" : `, found ${fault.found}`;
  const hint = fault.suggestion === null ? "" : `; did you mean ${fault.suggestion}?`;
  return `${head}: expected ${fault.expected}${found}${hint}`;
};
