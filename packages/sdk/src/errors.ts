import type { ResponseHeaders } from "./http/response-headers.ts";

/** The types of error of the wire (docs/contract.md §26). */
export type ErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "not_found_error"
  | "rate_limit_error"
  | "api_error";

/** What an error has to say. */
export type ErrorFacts = {
  readonly message: string;
  /** HTTP status; 200 = told within a stream, 0 = nothing came. */
  readonly statusCode: number;
  /** One of `ErrorType`; a later gateway may know others. */
  readonly type: string;
  readonly code: string;
  readonly param?: string | null;
  /** The answer's body, as it came. */
  readonly body?: unknown;
  readonly responseHeaders?: ResponseHeaders;
  readonly docUrl?: string;
  readonly provider?: string;
  readonly suggestion?: string;
  readonly cause?: unknown;
};

/** Under it an error names the classes it is one of: classes of two copies of this package are not the same. */
const brand: symbol = Symbol.for("pointsman.sdk.error");

/** What every error of this client is. */
export class PointsmanAPIError extends Error {
  readonly statusCode: number;
  readonly type: string;
  readonly code: string;
  /** Path of the field at fault; `null` = none is. */
  readonly param: string | null;
  readonly body: unknown;
  readonly responseHeaders: ResponseHeaders | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly docUrl: string | undefined;
  readonly provider: string | undefined;
  readonly suggestion: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? {} : { cause: facts.cause });
    this.name = new.target.name;
    this.statusCode = facts.statusCode;
    this.type = facts.type;
    this.code = facts.code;
    this.param = facts.param ?? null;
    this.body = facts.body;
    this.responseHeaders = facts.responseHeaders;
    this.requestId = facts.responseHeaders?.requestId;
    this.retryAfterSeconds = facts.responseHeaders?.retryAfterSeconds;
    this.docUrl = facts.docUrl;
    this.provider = facts.provider;
    this.suggestion = facts.suggestion;
    Object.defineProperty(this, brand, { value: ["PointsmanAPIError", new.target.name] });
  }

  /** Whether something is an error of this class, of whatever copy of this package. */
  static isInstance<Class extends typeof PointsmanAPIError>(
    this: Class,
    error: unknown,
  ): error is InstanceType<Class> {
    if (typeof error !== "object" || error === null) return false;
    const names: unknown = Reflect.get(error, brand);
    return Array.isArray(names) && names.includes(this.name);
  }
}

export class BadRequestError extends PointsmanAPIError {}
export class AuthenticationError extends PointsmanAPIError {}
export class PermissionDeniedError extends PointsmanAPIError {}
export class NotFoundError extends PointsmanAPIError {}
export class ConflictError extends PointsmanAPIError {}
export class RateLimitError extends PointsmanAPIError {}
export class InternalServerError extends PointsmanAPIError {}
export class APIStatusError extends PointsmanAPIError {}
/** No answer came, or not all of it. */
export class APIConnectionError extends PointsmanAPIError {}

type ErrorClass = new (facts: ErrorFacts) => PointsmanAPIError;

const byType: Readonly<Record<string, ErrorClass>> = {
  invalid_request_error: BadRequestError,
  authentication_error: AuthenticationError,
  permission_error: PermissionDeniedError,
  not_found_error: NotFoundError,
  rate_limit_error: RateLimitError,
};

/** The class of an error: by its type, but for conflicts and errors of the server. */
const classOf = ({ statusCode, type }: ErrorFacts): ErrorClass => {
  if (statusCode === 409) return ConflictError;
  if (type === "api_error") return statusCode === 500 ? InternalServerError : APIStatusError;
  return byType[type] ?? APIStatusError;
};

export const errorOf = (facts: ErrorFacts): PointsmanAPIError => new (classOf(facts))(facts);

type Fields = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Anthropic's names of types, where they are others (docs/contract.md §26). */
const openAiType: Readonly<Record<string, string>> = {
  timeout_error: "api_error",
  overloaded_error: "api_error",
  billing_error: "invalid_request_error",
};

/** The fields of an error in any of the wire's forms: nested, flat, or Anthropic's. */
const fieldsOf = (body: unknown): Fields | undefined => {
  if (!isRecord(body)) return undefined;
  if (!isRecord(body["error"])) return body["type"] === "error" ? body : undefined;
  const error = body["error"];
  const details = error["details"];
  if (!isRecord(details)) return error;
  const type = String(error["type"]);
  return { ...error, ...details, code: details["error_code"], type: openAiType[type] ?? type };
};

/** An error told by the gateway; `malformed_response` where its body is none. */
export const errorOfBody = (
  body: unknown,
  statusCode: number,
  responseHeaders?: ResponseHeaders,
): PointsmanAPIError => {
  const fields = fieldsOf(body);
  const message = textOf(fields?.["message"]);
  const code = textOf(fields?.["code"]);
  const headers = responseHeaders === undefined ? {} : { responseHeaders };
  if (fields === undefined || message === undefined || code === undefined) {
    return new APIStatusError({
      message: `The answer with status ${statusCode} is no error of this API.`,
      statusCode,
      type: "api_error",
      code: "malformed_response",
      body,
      ...headers,
    });
  }
  // A flat event of a stream is of type `error`, whatever the error is.
  const type = fields["type"] === "error" ? "api_error" : (textOf(fields["type"]) ?? "api_error");
  const docUrl = textOf(fields["doc_url"]);
  const provider = textOf(fields["provider"]);
  const suggestion = textOf(fields["suggestion"]);
  return errorOf({
    message,
    statusCode,
    type,
    code,
    param: textOf(fields["param"]) ?? null,
    body,
    ...headers,
    ...(docUrl === undefined ? {} : { docUrl }),
    ...(provider === undefined ? {} : { provider }),
    ...(suggestion === undefined ? {} : { suggestion }),
  });
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
