import { stringifyForSse } from "../bytes/line-separators.ts";
import type { JsonRecord } from "../json/read.ts";

type Call = {
  readonly id: string;
  readonly name: string;
  /** What the call's opaque mark is carried in; `null` = it has none. */
  readonly seal: string | null;
};

type OpenBlock =
  | { readonly kind: "text" | "thinking" }
  | { readonly kind: "call"; readonly call: number; json: string };

const isWholeJson = (text: string): boolean => {
  if (!text.trimEnd().endsWith("}")) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Writes content blocks one after the other: they never overlap, their indexes have no gaps. Calls whose
 * arguments come in turns wait until the one before them is whole.
 */
export class BlockWriter {
  #next = 0;
  #open: OpenBlock | null = null;
  /** Calls that wait, with their arguments so far. */
  readonly #waiting = new Map<number, Call & { json: string }>();

  text(text: string): string {
    const start =
      this.#open?.kind === "text"
        ? ""
        : this.close() + this.#begin("text", { type: "text", text: "" });
    return text === "" ? "" : start + this.#delta({ type: "text_delta", text });
  }

  thinking(thinking: string): string {
    if (thinking === "") return "";
    const start = this.#open?.kind === "thinking" ? "" : this.close() + this.#beginThinking();
    return start + this.#delta({ type: "thinking_delta", thinking });
  }

  /** Signs the open thinking, or a block of its own without text, and closes it. */
  sign(signature: string): string {
    const start = this.#open?.kind === "thinking" ? "" : this.close() + this.#beginThinking();
    return start + this.#delta({ type: "signature_delta", signature }) + this.#stop();
  }

  /** Citations of the text that is open, or of an empty one after it. */
  cite(citations: readonly unknown[]): string {
    if (citations.length === 0) return "";
    const start =
      this.#open?.kind === "text"
        ? ""
        : this.close() + this.#begin("text", { type: "text", text: "" });
    const deltas = citations.map((citation) => this.#delta({ type: "citations_delta", citation }));
    return start + deltas.join("");
  }

  /** A block that comes whole. */
  whole(block: JsonRecord): string {
    return this.close() + this.#begin("text", block) + this.#stop();
  }

  call(call: number, { id, name, seal }: Call): string {
    const open = this.#open;
    if (this.#waiting.size > 0 || (open?.kind === "call" && !isWholeJson(open.json))) {
      this.#waiting.set(call, { id, name, seal, json: "" });
      return "";
    }
    return this.#beginCall(call, { id, name, seal });
  }

  argument(call: number, json: string): string {
    const open = this.#open;
    if (open?.kind === "call" && open.call === call) {
      open.json += json;
      const more = json === "" ? "" : this.#delta({ type: "input_json_delta", partial_json: json });
      const releases = this.#waiting.size > 0 && isWholeJson(open.json);
      return more + (releases ? this.#release() : "");
    }
    const waiting = this.#waiting.get(call);
    if (waiting !== undefined) waiting.json += json;
    return "";
  }

  /** Ends the open block and whatever waits behind it. */
  close(): string {
    let out = this.#open === null ? "" : this.#stop();
    for (const [call, { json, ...rest }] of this.#waiting) {
      this.#waiting.delete(call);
      out += this.#beginCall(call, rest);
      if (json !== "") out += this.#delta({ type: "input_json_delta", partial_json: json });
      out += this.#stop();
    }
    return out;
  }

  /** Calls that waited for the one that is now whole. */
  #release(): string {
    let out = "";
    for (const [call, { json, ...rest }] of this.#waiting) {
      this.#waiting.delete(call);
      out += this.#beginCall(call, rest);
      if (json !== "") out += this.#delta({ type: "input_json_delta", partial_json: json });
      if (this.#open?.kind === "call") this.#open.json = json;
      if (!isWholeJson(json)) break;
    }
    return out;
  }

  #beginCall(call: number, { id, name, seal }: Call): string {
    const before = this.#open === null ? "" : this.#stop();
    const carried = seal === null ? "" : this.sign(seal);
    const block = { type: "tool_use", id, name, input: {} };
    const start = this.#begin("text", block);
    this.#open = { kind: "call", call, json: "" };
    return before + carried + start;
  }

  #beginThinking(): string {
    return this.#begin("thinking", { type: "thinking", thinking: "", signature: "" });
  }

  #begin(kind: "text" | "thinking", block: JsonRecord): string {
    this.#open = { kind };
    return this.#event("content_block_start", { content_block: block });
  }

  #delta(delta: JsonRecord): string {
    return this.#event("content_block_delta", { delta });
  }

  #stop(): string {
    const out = this.#event("content_block_stop", {});
    this.#open = null;
    this.#next += 1;
    return out;
  }

  #event(type: string, fields: JsonRecord): string {
    const data = stringifyForSse({ type, index: this.#next, ...fields });
    return `event: ${type}\ndata: ${data}\n\n`;
  }
}
