import { connectionError, errorOfBody } from "./error-of-body.ts";
import { ResponseHeaders } from "./http/response-headers.ts";
import { isRecord } from "./is-record.ts";

/** What the package says of a call that its caller ended: no failure, and told by nothing else. */
const abortMessage = "Request was aborted.";

const headersOf = (headers: unknown): ResponseHeaders | undefined => {
  if (headers instanceof Headers) return new ResponseHeaders(headers);
  if (!isRecord(headers)) return undefined;
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : [],
  );
  return new ResponseHeaders(new Headers(pairs));
};

/**
 * An APIError of the `openai` package as this package's own; anything else, and a call that the caller ended,
 * comes back unchanged.
 */
export const mapOpenAIError = (error: unknown): unknown => {
  if (!(error instanceof Error) || error.message === abortMessage) return error;
  // Told by its fields, which all have: the package is not here to ask.
  const isTheirs = ["status", "headers", "error", "code", "requestID"].every(
    (name) => name in error,
  );
  if (!isTheirs) return error;
  const { status, headers, error: body } = error as Error & Readonly<Record<string, unknown>>;
  const responseHeaders = headersOf(headers);
  if (responseHeaders === undefined && status === undefined) {
    return connectionError(error.message, error);
  }
  // An error within a stream has no status; a flat one, of Responses, comes as it is.
  const told = isRecord(body) && body["type"] === "error" ? body : { error: body };
  return errorOfBody(told, typeof status === "number" ? status : 200, responseHeaders);
};
