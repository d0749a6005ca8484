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
  const isMissing = issue?.code === "invalid_type" && issue.path.length === 1 && !(param in json);
  return isMissing
    ? refused("missing_required_parameter", `'${param}' is missing.`, param)
    : refused("invalid_parameter_value", `${param}: ${issue?.message ?? "invalid"}`, param);
};
