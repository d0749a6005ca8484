import type { z } from "zod";
import { isRecord } from "../json/read.ts";
import type { GatewayError } from "./gateway-error.ts";
import { nearestKey } from "./nearest-key.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `messages[2].content[0].type` */
export const renderPath = (path: Path): string => {
  let out = "";
  for (const part of path) {
    if (typeof part === "number") out += `[${part}]`;
    else out += out === "" ? String(part) : `.${String(part)}`;
  }
  return out;
};

const valueAt = (input: unknown, path: Path): unknown => {
  let value = input;
  for (const part of path) {
    if (Array.isArray(value) && typeof part === "number") value = value[part];
    else if (isRecord(value)) value = value[String(part)];
    else return undefined;
  }
  return value;
};

type Located = { readonly issue: Issue; readonly path: Path };

/** Of a union the branch that got furthest is the one that was meant. */
const locate = (issue: Issue, prefix: Path): Located => {
  const path = [...prefix, ...issue.path];
  let best: Located = { issue, path };
  if (issue.code !== "invalid_union") return best;
  for (const branch of issue.errors) {
    const [first] = branch;
    if (first === undefined) continue;
    const found = locate(first, path);
    if (found.path.length > best.path.length) best = found;
  }
  return best;
};

const QUOTED_CHARACTERS = 60;

/** The bad value itself, if it is short; objects may be large or deep. */
const quote = (value: unknown): string => {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const isLong = typeof value === "string" && value.length > QUOTED_CHARACTERS;
  return isLong ? `${JSON.stringify(value.slice(0, QUOTED_CHARACTERS))}…` : JSON.stringify(value);
};

export type SchemaErrorOptions = {
  /** Known keys of strict objects by path, for suggestions. */
  readonly keysByPath: Readonly<Record<string, readonly string[]>>;
};

/** What a failed validation of `input` tells the caller: the first issue, with its path. */
export const schemaError = (
  issues: readonly Issue[],
  input: unknown,
  { keysByPath }: SchemaErrorOptions,
): GatewayError => {
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  const first = unknown ?? issues[0];
  if (first === undefined) {
    return { code: "invalid_request", message: "The request is not valid.", param: null };
  }
  const { issue, path } = locate(first, []);
  if (issue.code === "unrecognized_keys") {
    const parent = renderPath(path);
    const key = issue.keys[0] ?? "";
    const near = nearestKey(key, keysByPath[parent] ?? []);
    const param = parent === "" ? key : `${parent}.${key}`;
    return {
      code: "unknown_field",
      message: `Unknown field '${param}'.`,
      param,
      ...(near === null ? {} : { suggestion: `Did you mean '${near}'?` }),
    };
  }
  const param = renderPath(path);
  const value = valueAt(input, path);
  if (value === undefined) {
    return {
      code: "missing_required_parameter",
      message: `Missing required parameter '${param}'.`,
      param,
    };
  }
  return {
    code: "invalid_parameter_value",
    message: `Invalid value for '${param}': ${quote(value)}. ${issue.message}`,
    param,
  };
};
