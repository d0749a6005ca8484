import { isRecord } from "../json.ts";

/** Response headers as Node gives them, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

const decimal = /^\d+(?:\.\d+)?$/;

const first = (value: string | readonly string[] | undefined): string | undefined =>
  (typeof value === "string" ? value : value?.[0])?.trim();

/**
 * How long the provider asks to wait, ms from `nowMs`, never below 0; `null` if it does not say.
 * Reads `retry-after-ms`, then `retry-after` as seconds (decimals allowed) or as an HTTP date.
 */
export const parseRetryAfter = (headers: ResponseHeaders, nowMs: number): number | null => {
  const ms = first(headers["retry-after-ms"]);
  if (ms !== undefined && decimal.test(ms)) return Number(ms);
  const value = first(headers["retry-after"]);
  if (value === undefined) return null;
  if (decimal.test(value)) return Number(value) * 1_000;
  // A bare negative number parses as a date too; only real dates have letters.
  const at = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
};

/** The wait in a Google error's `details[]` (`google.rpc.RetryInfo`, `retryDelay: "34.4s"`), ms. */
export const retryInfoFromBody = (json: unknown): number | null => {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  const error = isRecord(body) ? body["error"] : undefined;
  const details = isRecord(error) ? error["details"] : undefined;
  if (!Array.isArray(details)) return null;
  for (const detail of details) {
    const delay: unknown = isRecord(detail) ? detail["retryDelay"] : undefined;
    if (typeof delay !== "string" || !/^\d+(?:\.\d+)?s$/.test(delay)) continue;
    return Math.round(Number(delay.slice(0, -1)) * 1_000);
  }
  return null;
};
