import { isRecord, parseJson, sendOnce } from "@pointsman/provider";
import type { HttpTransport, ProviderCall } from "@pointsman/provider";
import { encodeCount } from "./encode-call.ts";

/** Longest wait for a count, ms: an estimate is at hand. */
const limitMs = 5000;

/** The provider's own count of a prompt's tokens; `null` = it could not be had. */
export const countTokens = async (
  transport: HttpTransport,
  call: ProviderCall,
): Promise<number | null> => {
  const answer = await sendOnce(transport, encodeCount(call), { limitMs, largestBytes: 65_536 });
  if (answer === null || answer.status !== 200) return null;
  const json = parseJson(answer.body);
  const count = isRecord(json) ? json["input_tokens"] : null;
  return typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : null;
};
