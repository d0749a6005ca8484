import { present } from "../json/present.ts";
import type { Annotation } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import type { StreamItem } from "../neutral/stream-item.ts";
import { contentDropped } from "../neutral/losses.ts";
import { writeRedacted, writeSignature } from "./slots.ts";

type Json = Readonly<Record<string, unknown>>;
type Event = Json & { readonly type: string };
type CallItem = Extract<StreamItem, { kind: "tool_call" }>;

type Open =
  | { readonly kind: "text" | "thinking" }
  | { readonly kind: "call"; readonly call: number; json: string };

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Writes the blocks of one answer as events. Blocks never overlap here, while other wires mix the pieces
 * of several calls: what comes while the arguments of the open call are not whole waits for them.
 */
export class BlockWriter {
  readonly #hideReasoning: boolean;
  readonly #write: (event: Event) => void;
  readonly #losses = new Set<Loss>();
  #index = 0;
  #open: Open | null = null;
  #waiting: StreamItem[] = [];

  constructor(hideReasoning: boolean, write: (event: Event) => void) {
    this.#hideReasoning = hideReasoning;
    this.#write = write;
  }

  /** Goes on after blocks that others wrote: `index` of the block that is open, or of the next. */
  adopt(index: number, open: "text" | "thinking" | null): void {
    this.#index = index;
    this.#open = open === null ? null : { kind: open };
  }

  /** What the wire could not carry. */
  losses(): readonly Loss[] {
    return [...this.#losses];
  }

  item(item: StreamItem): void {
    const open = this.#open;
    if (open?.kind !== "call") return this.#encode(item);
    if (item.kind === "tool_arguments" && item.call === open.call) {
      this.#arguments(open, item.text);
      if (this.#waiting.length > 0) this.#drain();
      return;
    }
    this.#waiting.push(item);
    this.#drain();
  }

  end(): void {
    while (this.#open !== null || this.#waiting.length > 0) {
      this.#close();
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const item of waiting) this.item(item);
    }
  }

  /** Goes on with what waits if the open call is whole. */
  #drain(): void {
    if (this.#open?.kind === "call" && !isJson(this.#open.json)) return;
    this.#close();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const item of waiting) this.item(item);
  }

  #encode(item: StreamItem): void {
    switch (item.kind) {
      case "text":
      case "refusal":
        return this.#text(item.text);
      case "text_signature":
        if (this.#hideReasoning) return;
        return this.#sealBlock(writeSignature(item.signature, item.maker, { on: "text" }));
      case "reasoning":
        return this.#thinking(item.text);
      case "reasoning_signature":
        return this.#signature(
          writeSignature(item.signature, item.maker, {
            on: "reasoning",
            ...present("id", item.id),
          }),
        );
      case "reasoning_redacted":
        if (this.#hideReasoning) return;
        return this.#whole({
          type: "redacted_thinking",
          data: writeRedacted(item.data, item.maker),
        });
      case "tool_call":
        return this.#call(item);
      case "annotations":
        for (const annotation of item.annotations) this.#citation(annotation);
        return;
      case "native":
        if (item.wire === "messages") return this.#whole(item.json);
        this.#losses.add(contentDropped);
        return;
      case "image":
        this.#losses.add(contentDropped);
        return;
      case "tool_arguments":
      case "logprobs":
      case "raw":
      case "head":
      case "finish":
      case "usage":
      case "error":
      case "malformed":
      default:
        return;
    }
  }

  #text(text: string): void {
    if (text === "") return;
    this.#enter("text", { type: "text", text: "", citations: null });
    this.#delta({ type: "text_delta", text });
  }

  #thinking(thinking: string): void {
    if (thinking === "" || this.#hideReasoning) return;
    this.#enter("thinking", { type: "thinking", thinking: "", signature: "" });
    this.#delta({ type: "thinking_delta", thinking });
  }

  #signature(signature: string): void {
    if (this.#hideReasoning) return;
    this.#enter("thinking", { type: "thinking", thinking: "", signature: "" });
    this.#delta({ type: "signature_delta", signature });
    this.#close();
  }

  /** A thinking block of no text, whose signature holds what has no place of its own here. */
  #sealBlock(signature: string): void {
    this.#close();
    this.#signature(signature);
  }

  #call({ call, id, name, signature, maker }: CallItem): void {
    if (signature !== undefined) {
      this.#sealBlock(writeSignature(signature, maker, { on: "call", id }));
    }
    this.#close();
    this.#start({ type: "tool_use", id, name, input: {} });
    this.#open = { kind: "call", call, json: "" };
  }

  #arguments(open: Extract<Open, { kind: "call" }>, text: string): void {
    if (text === "") return;
    open.json += text;
    this.#delta({ type: "input_json_delta", partial_json: text });
  }

  /** Citations of the wire's own go back on their text; others have no form here. */
  #citation(annotation: Annotation): void {
    const isOwn = annotation.kind === "native" && annotation.wire === "messages";
    if (!isOwn || this.#open?.kind !== "text") this.#losses.add(contentDropped);
    else this.#delta({ type: "citations_delta", citation: annotation.json });
  }

  #whole(block: Json): void {
    this.#close();
    this.#start(block);
    this.#stop();
  }

  #enter(kind: "text" | "thinking", block: Json): void {
    if (this.#open?.kind === kind) return;
    this.#close();
    this.#start(block);
    this.#open = { kind };
  }

  #close(): void {
    if (this.#open === null) return;
    this.#open = null;
    this.#stop();
  }

  #start(block: Json): void {
    this.#event({ type: "content_block_start", index: this.#index, content_block: block });
  }

  #delta(delta: Json): void {
    this.#event({ type: "content_block_delta", index: this.#index, delta });
  }

  #stop(): void {
    this.#event({ type: "content_block_stop", index: this.#index });
    this.#index += 1;
  }

  #event(event: Event): void {
    this.#write(event);
  }
}
