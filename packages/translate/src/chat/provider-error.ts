import { asRecord, asString } from "../json/read.ts";
import type { ProviderErrorInfo } from "../neutral/stream-item.ts";

const asText = (value: unknown): string | null =>
  typeof value === "number" ? String(value) : asString(value);

/** The value of an `error` key as a vendor sent it: an object, or just a text. */
export const decodeProviderError = (error: unknown): ProviderErrorInfo => {
  const record = asRecord(error);
  const message = asString(record?.["message"]) ?? asString(error);
  return {
    message: message === null || message === "" ? "The provider reported an error." : message,
    type: asText(record?.["type"]),
    code: asText(record?.["code"]),
    param: asText(record?.["param"]),
  };
};
