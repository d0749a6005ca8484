import { asArray, asRecord, asString } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";

type Json = Record<string, unknown>;

const text = (value: unknown): string => asString(value) ?? "";

const parseInput = (json: string): unknown => {
  if (json === "") return {};
  try {
    return JSON.parse(json);
  } catch {
    return { value: json };
  }
};

/** Puts the events of blocks together to the blocks of a whole answer, as a client does. */
export class BlockFolder {
  readonly blocks: Json[] = [];
  readonly #inputs = new Map<Json, string>();

  event(event: JsonRecord): void {
    if (event["type"] === "content_block_start") {
      this.blocks.push({ ...asRecord(event["content_block"]) });
      return;
    }
    const block = this.blocks.at(-1);
    if (block === undefined) return;
    if (event["type"] === "content_block_delta") this.#delta(block, asRecord(event["delta"]) ?? {});
    else if (event["type"] === "content_block_stop") this.#stop(block);
  }

  #delta(block: Json, delta: JsonRecord): void {
    switch (delta["type"]) {
      case "text_delta":
        block["text"] = text(block["text"]) + text(delta["text"]);
        return;
      case "thinking_delta":
        block["thinking"] = text(block["thinking"]) + text(delta["thinking"]);
        return;
      case "signature_delta":
        block["signature"] = text(block["signature"]) + text(delta["signature"]);
        return;
      case "citations_delta":
        block["citations"] = [...asArray(block["citations"]), delta["citation"]];
        return;
      case "input_json_delta":
        this.#inputs.set(block, (this.#inputs.get(block) ?? "") + text(delta["partial_json"]));
    }
  }

  #stop(block: Json): void {
    const json = this.#inputs.get(block);
    if (json !== undefined) block["input"] = parseInput(json);
  }
}
