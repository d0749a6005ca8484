import type { KeyCheck } from "../adapter.ts";
import { classifyFailure } from "../failure/classify-failure.ts";
import type { VendorCodes } from "../failure/outcome-of-error.ts";
import { createRedactor } from "../failure/redact.ts";
import type { HttpTransport } from "../http/transport.ts";
import type { AccountHeaders } from "./account-headers.ts";
import { sendOnce } from "./send-once.ts";

/** Longest wait for the answer, ms. */
const limitMs = 10_000;
/** Lists of models are long, and not read. */
const largestBytes = 8 * 1024 * 1024;

/** Whether a provider takes a key: asks for its list of models, which costs nothing. Never rejects. */
export const checkKey = async (
  transport: HttpTransport,
  apiKey: string,
  wire: { readonly headersOf: AccountHeaders; readonly vendorCodes: VendorCodes },
): Promise<KeyCheck> => {
  const headers = wire.headersOf(apiKey, false);
  const request = { method: "GET", path: "/models", headers, body: null } as const;
  const answer = await sendOnce(transport, request, { limitMs, largestBytes });
  if (answer === null) return "unreachable";
  if (answer.status >= 200 && answer.status < 300) return "valid";
  const { outcome } = classifyFailure({
    ...answer,
    headers: {},
    nowMs: 0,
    redact: createRedactor([apiKey]),
    vendorCodes: wire.vendorCodes,
  });
  return outcome === "auth_error" ? "refused" : "unreachable";
};
