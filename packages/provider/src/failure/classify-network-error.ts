import type { ProviderFailure } from "../adapter.ts";

const connectTimeouts: ReadonlySet<string> = new Set(["UND_ERR_CONNECT_TIMEOUT", "ETIMEDOUT"]);

const words: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "connecting took too long",
  ETIMEDOUT: "connecting took too long",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  UND_ERR_SOCKET: "connection closed",
  ENOTFOUND: "host not found",
  EAI_AGAIN: "host not found",
};

/** An aggregate (all addresses of a host failed) is as its first error. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
};

/**
 * Turns a broken transport into a failure: `timeout` if no connection came about in time, else
 * `network_error`. The message names no address.
 */
export const classifyNetworkError = (error: Error, staleConnection = false): ProviderFailure => {
  const code = codeOf(error);
  return {
    outcome: connectTimeouts.has(code) ? "timeout" : "network_error",
    status: null,
    message: words[code] ?? "the connection to the provider failed",
    retryAfterMs: null,
    error: null,
    staleConnection,
  };
};
