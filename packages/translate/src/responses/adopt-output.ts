import type { JsonRecord } from "../json/read.ts";
import { asNumber, asRecord, asString } from "../json/read.ts";
import { decodeAll } from "../sse/decode-all.ts";
import { createJsonEventDecoder } from "../sse/json-event-decoder.ts";
import type { AdoptedOutput } from "./output-writer.ts";

/** What a provider's own events built up, so that others can go on. */
export const adoptOutput = (
  raw: readonly Uint8Array[],
): AdoptedOutput & {
  /** Number of the next event. */
  readonly nextNumber: number;
} => {
  const output: JsonRecord[] = [];
  let open: AdoptedOutput["open"] = null;
  let nextNumber = 0;
  const events = createJsonEventDecoder({
    event: (name, json) => {
      nextNumber = (asNumber(json["sequence_number"]) ?? nextNumber) + 1;
      const place = asNumber(json["output_index"]) ?? 0;
      const item = asRecord(json["item"]);
      if (name === "response.output_item.added" && item !== null) {
        const phase = asString(item["phase"]) ?? undefined;
        const isMessage = item["type"] === "message";
        open = isMessage ? { id: asString(item["id"]) ?? "", place, phase, text: "" } : null;
      } else if (name === "response.output_item.done" && item !== null) {
        output[place] = item;
        open = null;
      } else if (name === "response.output_text.delta" && open !== null) {
        open = { ...open, text: open.text + (asString(json["delta"]) ?? "") };
      }
      return false;
    },
  });
  decodeAll(events, raw);
  return { output, open, nextNumber };
};
