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
  /** What the class is called, whatever a minifier makes of its name. */
  static readonly className: string = "PointsmanAPIError";

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
    this.name = new.target.className;
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
    Object.defineProperty(this, brand, { value: ["PointsmanAPIError", new.target.className] });
  }

  /** Whether something is an error of this class, of whatever copy of this package. */
  static isInstance<Class extends typeof PointsmanAPIError>(
    this: Class,
    error: unknown,
  ): error is InstanceType<Class> {
    if (typeof error !== "object" || error === null) return false;
    const names: unknown = Reflect.get(error, brand);
    return Array.isArray(names) && names.includes(this.className);
  }
}

/** The request is at fault; `param` names the field. */
export class BadRequestError extends PointsmanAPIError {
  static override readonly className: string = "BadRequestError";
  declare readonly name: "BadRequestError";
}

/** No key, or one that is not good (any more). */
export class AuthenticationError extends PointsmanAPIError {
  static override readonly className: string = "AuthenticationError";
  declare readonly name: "AuthenticationError";
}

/** The key may not do this. */
export class PermissionDeniedError extends PointsmanAPIError {
  static override readonly className: string = "PermissionDeniedError";
  declare readonly name: "PermissionDeniedError";
}

/** There is no such model, path or thing, or it is not the caller's. */
export class NotFoundError extends PointsmanAPIError {
  static override readonly className: string = "NotFoundError";
  declare readonly name: "NotFoundError";
}

/** Status 409: something else is in the way. */
export class ConflictError extends PointsmanAPIError {
  static override readonly className: string = "ConflictError";
  declare readonly name: "ConflictError";
}

/** A limit, a budget or credits are used up. */
export class RateLimitError extends PointsmanAPIError {
  static override readonly className: string = "RateLimitError";
  declare readonly name: "RateLimitError";
}

/** Status 500: a fault of the gateway. */
export class InternalServerError extends PointsmanAPIError {
  static override readonly className: string = "InternalServerError";
  declare readonly name: "InternalServerError";
}

/** Any other failure of the gateway or of the providers, and answers that are none of this API. */
export class APIStatusError extends PointsmanAPIError {
  static override readonly className: string = "APIStatusError";
  declare readonly name: "APIStatusError";
}

/** No answer came, or not all of it. */
export class APIConnectionError extends PointsmanAPIError {
  static override readonly className: string = "APIConnectionError";
  declare readonly name: "APIConnectionError";
}
