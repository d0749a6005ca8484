import type { JsonRecord } from "../json/read.ts";
import { asFilledString, asNumber } from "../json/read.ts";
import { present } from "../json/present.ts";
import type { StreamItem } from "../neutral/stream-item.ts";

/**
 * The identity of the answer a chunk belongs to. `null` = wait: Azure's first chunk has neither id nor
 * model, and no choices.
 */
export const decodeHead = (
  chunk: JsonRecord,
  hasChoices: boolean,
): Extract<StreamItem, { kind: "head" }> | null => {
  const id = asFilledString(chunk["id"]);
  const model = asFilledString(chunk["model"]);
  if (!hasChoices && (id === null || model === null)) return null;
  return {
    kind: "head",
    id,
    model,
    createdSeconds: asNumber(chunk["created"]),
    ...present("systemFingerprint", asFilledString(chunk["system_fingerprint"])),
    ...present("serviceTier", asFilledString(chunk["service_tier"])),
  };
};
