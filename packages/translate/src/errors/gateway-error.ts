import type { ErrorCode, ErrorRow } from "./error-table.ts";
import { errorTable } from "./error-table.ts";

/** A failure the caller is told about; status, type and headers follow from the code. */
export type GatewayError = {
  readonly code: ErrorCode;
  /** Never empty, no secrets. */
  readonly message: string;
  /** Path of the request field at fault, `null` if none is. */
  readonly param: string | null;
  readonly suggestion?: string;
  /** Id of the provider that reported it. */
  readonly provider?: string;
  readonly retryAfterSeconds?: number;
  /** A provider's own 400 or 413 for the caller's content; @default the table's */
  readonly status?: 400 | 413;
  /** @default the table's */
  readonly retryable?: boolean;
  /** The budget that a call exceeds. */
  readonly budget?: {
    readonly period: "daily" | "weekly" | "monthly" | "total";
    readonly scope: "workspace" | "api_key" | "byok_provider";
  };
  /** Who set the limit that a 429 speaks of. @default "gateway" */
  readonly rateLimitSource?: "gateway" | "provider";
};

/** Status, type, retryable and header type of `error`, its own overrides applied. */
export const errorRowOf = (error: GatewayError): ErrorRow => {
  const row: ErrorRow = errorTable[error.code];
  return {
    ...row,
    status: error.status ?? row.status,
    retryable: error.retryable ?? row.retryable,
  };
};

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code);
