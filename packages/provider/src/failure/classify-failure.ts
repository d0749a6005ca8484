import type { OutcomeKind } from "@pointsman/core";
import type { ProviderErrorInfo } from "@pointsman/translate";
import type { ProviderFailure } from "../adapter.ts";
import { parseJson } from "../json.ts";
import { readErrorBody } from "./error-body.ts";
import { outcomeOfStatus, outcomeOfTold, refusedParameter } from "./outcome-of-error.ts";
import type { VendorCodes } from "./outcome-of-error.ts";
import type { Redactor } from "./redact.ts";
import { parseRetryAfter, retryInfoFromBody } from "./retry-after.ts";
import type { ResponseHeaders } from "./retry-after.ts";

/** An answer with an error status. */
export type FailedAnswer = {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As much of the body as was read. */
  readonly body: Uint8Array;
  readonly nowMs: number;
  readonly redact: Redactor;
  /** Meanings of the vendor's own codes. @default {} */
  readonly vendorCodes?: VendorCodes;
};

/** Makes a provider's error fit to be shown. */
export const redactError = (info: ProviderErrorInfo, redact: Redactor): ProviderErrorInfo => ({
  message: redact(info.message),
  type: info.type === null ? null : redact(info.type),
  code: info.code === null ? null : redact(info.code),
  param: info.param === null ? null : redact(info.param),
});

const withParameter = (info: ProviderErrorInfo, outcome: OutcomeKind): ProviderErrorInfo =>
  outcome === "unsupported_parameter" ? { ...info, param: refusedParameter(info) } : info;

/** A short body that is no JSON and no page, as its message. */
const plainText = (body: Uint8Array): ProviderErrorInfo | null => {
  const said = new TextDecoder().decode(body.subarray(0, 2_048)).trim();
  if (said === "" || /^[<{[]/.test(said)) return null;
  return { message: said, type: null, code: null, param: null };
};

/** Turns an answer with an error status into a failure (docs/contract.md §6). */
export const classifyFailure = (answer: FailedAnswer): ProviderFailure => {
  const { status, redact } = answer;
  const json = parseJson(answer.body);
  const info = readErrorBody(json) ?? plainText(answer.body);
  const outcome = outcomeOfStatus(status, info, answer.vendorCodes);
  const error = info === null ? null : redactError(withParameter(info, outcome), redact);
  return {
    outcome,
    status,
    message: error === null || error.message === "" ? `HTTP ${status}` : error.message,
    retryAfterMs: parseRetryAfter(answer.headers, answer.nowMs) ?? retryInfoFromBody(json),
    error,
    staleConnection: false,
  };
};

/** Turns an error told within an answer under 200 into a failure. */
export const classifyToldError = (
  info: ProviderErrorInfo,
  context: {
    readonly status: number;
    readonly redact: Redactor;
    readonly vendorCodes?: VendorCodes;
  },
): ProviderFailure => {
  const outcome = outcomeOfTold(info, context.vendorCodes);
  const error = redactError(withParameter(info, outcome), context.redact);
  return {
    outcome,
    status: context.status,
    message: error.message === "" ? "the provider reported an error" : error.message,
    retryAfterMs: null,
    error,
    staleConnection: false,
  };
};
