import type { GatewayError } from "@pointsman/translate";
import type { z } from "zod";

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: GatewayError };

const refused = (code: GatewayError["code"], message: string, param: string | null) =>
  ({ ok: false, error: { code, message, param } }) as const;

const paramOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");

/** Whether nothing stands at a path whose parents are there. */
const isAbsent = (json: unknown, path: readonly PropertyKey[]): boolean => {
  let at: unknown = json;
  for (const [index, part] of path.entries()) {
    if (typeof at !== "object" || at === null) return false;
    if (!Object.hasOwn(at, part)) return index === path.length - 1;
    at = Reflect.get(at, part);
  }
  return false;
};

/** A JSON object of a management call, held to its schema; the first fault names its field. */
export const readBody = <Schema extends z.ZodType>(
  body: unknown,
  schema: Schema,
): Read<z.output<Schema>> => {
  let json: unknown;
  try {
    json = Buffer.isBuffer(body) ? JSON.parse(body.toString("utf8")) : undefined;
  } catch {
    json = undefined;
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refused("invalid_request", "The body must be a JSON object.", null);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const param = paramOf(issue?.path ?? []);
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const at = param === "" ? key : `${param}.${key}`;
    return refused("unknown_field", `There is no field '${at}'.`, at);
  }
  return isAbsent(json, issue?.path ?? [])
    ? refused("missing_required_parameter", `'${param}' is missing.`, param)
    : refused("invalid_parameter_value", `${param}: ${issue?.message ?? "invalid"}`, param);
};

/** What may be changed of a thing, and what it is called. */
type Change<Schema> = {
  readonly schema: Schema;
  readonly thing: string;
  /** Fields that it has, and that stay as they were made. */
  readonly fixed: ReadonlySet<string>;
};

/** The body of a PATCH: at least one field that can change. */
export const readChange = <Schema extends z.ZodObject>(
  body: unknown,
  { schema, thing, fixed }: Change<Schema>,
): Read<z.output<Schema>> => {
  const read = readBody(body, schema);
  const fields = Object.keys(schema.shape);
  if (read.ok) {
    if (Object.keys(read.value).length > 0) return read;
    const message = `Name a field to change: ${fields.join(", ")}.`;
    return refused("missing_required_parameter", message, fields[0] ?? null);
  }
  const { code, param } = read.error;
  if (code !== "unknown_field" || !fixed.has(param ?? "")) return read;
  return refused(
    "field_immutable",
    `'${param}' of a ${thing} cannot be changed; make another one.`,
    param,
  );
};
