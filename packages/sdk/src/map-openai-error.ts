import { connectionError, errorOfBody, isRecord } from "./errors.ts";
import { ResponseHeaders } from "./http/response-headers.ts";

const headersOf = (headers: unknown): ResponseHeaders | undefined => {
  if (headers instanceof Headers) return new ResponseHeaders(headers);
  if (!isRecord(headers)) return undefined;
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as [string, string]] : [],
  );
  return new ResponseHeaders(new Headers(pairs));
};

/** An error of the `openai` package as this package's own; any other comes back unchanged. */
export const mapOpenAIError = (error: unknown): unknown => {
  if (!(error instanceof Error) || !("status" in error)) return error;
  // The package's own, told without importing it: all have these fields.
  const {
    status,
    headers,
    error: body,
  } = error as Error & {
    status: unknown;
    headers?: unknown;
    error?: unknown;
  };
  if (status === undefined && error.constructor.name.startsWith("APIConnection")) {
    return connectionError(error.message, error);
  }
  if (!("code" in error) || !("headers" in error)) return error;
  const statusCode = typeof status === "number" ? status : 200;
  return errorOfBody({ error: body }, statusCode, headersOf(headers));
};
