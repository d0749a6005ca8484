import { asArray, asFilledString, asNumber, asRecord } from "../json/read.ts";
import type { ProviderErrorInfo } from "../neutral/stream-item.ts";

/**
 * The value of an `error` key of Google's: a number as code, a word as status, and a reason among the
 * details that says more than either (`API_KEY_INVALID`).
 */
export const decodeGeminiError = (value: unknown): ProviderErrorInfo => {
  const error = asRecord(value);
  const reason = asArray(error?.["details"])
    .map((detail) => asFilledString(asRecord(detail)?.["reason"]))
    .find((word) => word !== null);
  const number = asNumber(error?.["code"]);
  return {
    message: asFilledString(error?.["message"]) ?? "The provider reported an error.",
    type: asFilledString(error?.["status"]),
    code: reason ?? (number === null ? null : String(number)),
    param: null,
  };
};
