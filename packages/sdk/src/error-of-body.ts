import {
  APIConnectionError,
  APIStatusError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from "./errors.ts";
import type { ErrorFacts, PointsmanAPIError } from "./errors.ts";
import type { ResponseHeaders } from "./http/response-headers.ts";
import { isRecord } from "./is-record.ts";
import type { Fields } from "./is-record.ts";
import { typeOfCode } from "./type-of-code.ts";

type ErrorClass = new (facts: ErrorFacts) => PointsmanAPIError;

const byType: ReadonlyMap<string, ErrorClass> = new Map<string, ErrorClass>([
  ["invalid_request_error", BadRequestError],
  ["authentication_error", AuthenticationError],
  ["permission_error", PermissionDeniedError],
  ["not_found_error", NotFoundError],
  ["rate_limit_error", RateLimitError],
]);

/** By its type, but for conflicts and faults of the gateway (docs/contract.md §31). */
const classOf = ({ statusCode, type }: ErrorFacts): ErrorClass => {
  if (statusCode === 409) return ConflictError;
  if (type === "api_error" && statusCode === 500) return InternalServerError;
  return byType.get(type) ?? APIStatusError;
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Anthropic's names of types, where they are others (docs/contract.md §26). */
const openAiTypes: ReadonlyMap<string, string> = new Map([
  ["timeout_error", "api_error"],
  ["overloaded_error", "api_error"],
  ["billing_error", "invalid_request_error"],
]);

/** The fields of an error in any of the wire's forms: nested, flat, or Anthropic's. */
const fieldsOf = (body: unknown): Fields | undefined => {
  if (!isRecord(body)) return undefined;
  const { error, type, ...flat } = body;
  // `error` is what a flat event is, not what kind of error it tells.
  if (!isRecord(error)) return type === "error" ? flat : undefined;
  const { details } = error;
  if (!isRecord(details)) return error;
  const told = textOf(error["type"]) ?? "";
  return { ...error, ...details, code: details["error_code"], type: openAiTypes.get(told) ?? told };
};

/** Something that is no answer of this API. */
export const malformedError = (
  message: string,
  facts: Pick<ErrorFacts, "statusCode" | "body" | "responseHeaders" | "cause">,
): APIStatusError =>
  new APIStatusError({ ...facts, message, type: "api_error", code: "malformed_response" });

/** An error that the gateway tells; `malformed_response` where its body tells none. */
export const errorOfBody = (
  body: unknown,
  statusCode: number,
  headers?: ResponseHeaders,
): PointsmanAPIError => {
  const responseHeaders = headers === undefined ? {} : { responseHeaders: headers };
  const fields = fieldsOf(body);
  const message = textOf(fields?.["message"]);
  const code = textOf(fields?.["code"]);
  if (fields === undefined || message === undefined || code === undefined) {
    const text = `The answer with status ${statusCode} is no error of this API.`;
    return malformedError(text, { statusCode, body, ...responseHeaders });
  }
  const docUrl = textOf(fields["doc_url"]);
  const provider = textOf(fields["provider"]);
  const suggestion = textOf(fields["suggestion"]);
  const facts: ErrorFacts = {
    message,
    statusCode,
    type: textOf(fields["type"]) ?? typeOfCode(code),
    code,
    param: textOf(fields["param"]) ?? null,
    body,
    ...responseHeaders,
    ...(docUrl === undefined ? {} : { docUrl }),
    ...(provider === undefined ? {} : { provider }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
  return new (classOf(facts))(facts);
};

/** No answer, or a broken one. */
export const connectionError = (message: string, cause?: unknown): APIConnectionError =>
  new APIConnectionError({
    message,
    statusCode: 0,
    type: "api_error",
    code: "api_connection_error",
    ...(cause === undefined ? {} : { cause }),
  });
