import { present } from "../json/present.ts";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asFilledString, asNumber, asRecord, asString } from "../json/read.ts";
import type { Annotation, Maker } from "../neutral/content.ts";
import type { StreamItem } from "../neutral/stream-item.ts";

/** What the items of one answer share. */
export type AnswerState = {
  readonly maker: Maker;
  /** Calls for the client so far. */
  calls: number;
  /** Length of all text so far, UTF-16 units: where a citation's place begins. */
  textLength: number;
};

/** One item of the output, from its first event to its last. */
export interface ItemDecoder {
  /** An event within the item, by its type without `response.`. */
  event(type: string, event: JsonRecord, out: StreamItem[]): void;
  /** The item as it ended up; what no event told comes of it. */
  done(item: JsonRecord, out: StreamItem[]): void;
}

/** Tools that xAI runs itself come as calls of custom tools with such names. */
const isProvidersOwn = (name: string): boolean => name.startsWith("x_");

const annotationOf = (value: unknown, offset: number): Annotation | null => {
  const json = asRecord(value);
  if (json === null) return null;
  const url = asFilledString(json["url"]);
  if (json["type"] !== "url_citation" || url === null) {
    return { kind: "native", wire: "responses", json };
  }
  const start = asNumber(json["start_index"]);
  const end = asNumber(json["end_index"]);
  return {
    kind: "url_citation",
    url,
    ...present("title", asFilledString(json["title"])),
    ...(start === null ? {} : { start: start + offset }),
    ...(end === null ? {} : { end: end + offset }),
  };
};

const partKey = (event: JsonRecord): number => asNumber(event["content_index"]) ?? 0;

class MessageDecoder implements ItemDecoder {
  readonly #state: AnswerState;
  readonly #phase: "commentary" | "final_answer" | undefined;
  /** Parts of which text has come. */
  readonly #said = new Set<number>();
  /** Where the text of each part begins. */
  readonly #offsets = new Map<number, number>();

  constructor(state: AnswerState, item: JsonRecord) {
    this.#state = state;
    const phase = item["phase"];
    this.#phase = phase === "commentary" || phase === "final_answer" ? phase : undefined;
  }

  event(type: string, event: JsonRecord, out: StreamItem[]): void {
    const part = partKey(event);
    switch (type) {
      case "output_text.delta":
        this.#logprobs(event["logprobs"], out);
        this.#say(part, asString(event["delta"]) ?? "", out);
        break;
      case "output_text.done":
        if (!this.#said.has(part)) this.#say(part, asString(event["text"]) ?? "", out);
        break;
      case "refusal.delta":
        this.#refuse(part, asString(event["delta"]) ?? "", out);
        break;
      case "refusal.done":
        if (!this.#said.has(part)) this.#refuse(part, asString(event["refusal"]) ?? "", out);
        break;
      default:
    }
  }

  done(item: JsonRecord, out: StreamItem[]): void {
    for (const [place, entry] of asArray(item["content"]).entries()) {
      const part = asRecord(entry);
      if (part === null) continue;
      if (!this.#said.has(place)) {
        if (part["type"] === "refusal") {
          this.#refuse(place, asString(part["refusal"]) ?? "", out);
        } else {
          this.#logprobs(part["logprobs"], out);
          this.#say(place, asString(part["text"]) ?? "", out);
        }
      }
      const offset = this.#offsets.get(place) ?? this.#state.textLength;
      const annotations = asArray(part["annotations"]).flatMap(
        (annotation) => annotationOf(annotation, offset) ?? [],
      );
      if (annotations.length > 0) out.push({ kind: "annotations", choice: 0, annotations });
    }
  }

  #say(part: number, text: string, out: StreamItem[]): void {
    if (text === "") return;
    this.#said.add(part);
    if (!this.#offsets.has(part)) this.#offsets.set(part, this.#state.textLength);
    this.#state.textLength += text.length;
    out.push({ kind: "text", choice: 0, text, ...present("phase", this.#phase) });
  }

  #refuse(part: number, text: string, out: StreamItem[]): void {
    if (text === "") return;
    this.#said.add(part);
    out.push({ kind: "refusal", choice: 0, text });
  }

  #logprobs(value: unknown, out: StreamItem[]): void {
    const content = asArray(value);
    if (content.length === 0) return;
    out.push({ kind: "logprobs", choice: 0, logprobs: { content, refusal: null } });
  }
}

class ReasoningDecoder implements ItemDecoder {
  readonly #state: AnswerState;
  #said = false;
  #part: string | null = null;

  constructor(state: AnswerState) {
    this.#state = state;
  }

  event(type: string, event: JsonRecord, out: StreamItem[]): void {
    if (type !== "reasoning_summary_text.delta" && type !== "reasoning_text.delta") return;
    const index = asNumber(event["summary_index"]) ?? asNumber(event["content_index"]) ?? 0;
    this.#think(`${type}${index}`, asString(event["delta"]) ?? "", out);
  }

  done(item: JsonRecord, out: StreamItem[]): void {
    if (!this.#said) {
      const summary = asArray(item["summary"]);
      const parts = summary.length > 0 ? summary : asArray(item["content"]);
      for (const [place, part] of parts.entries()) {
        this.#think(String(place), asString(asRecord(part)?.["text"]) ?? "", out);
      }
    }
    const signature = asFilledString(item["encrypted_content"]);
    if (signature === null) return;
    const { maker } = this.#state;
    const id = present("id", asFilledString(item["id"]));
    out.push({ kind: "reasoning_signature", choice: 0, signature, maker, ...id });
  }

  #think(part: string, text: string, out: StreamItem[]): void {
    if (text === "") return;
    // Paragraphs of their own.
    const gap = this.#part !== null && this.#part !== part ? "\n\n" : "";
    this.#part = part;
    this.#said = true;
    out.push({ kind: "reasoning", choice: 0, text: gap + text });
  }
}

class CallDecoder implements ItemDecoder {
  readonly #call: number;
  readonly #isCustom: boolean;
  #hasPieces = false;

  constructor(state: AnswerState, item: JsonRecord, out: StreamItem[]) {
    this.#call = state.calls;
    state.calls += 1;
    this.#isCustom = item["type"] === "custom_tool_call";
    const id =
      asFilledString(item["call_id"]) ?? asFilledString(item["id"]) ?? `call_${this.#call}`;
    const name = asString(item["name"]) ?? "";
    out.push({ kind: "tool_call", choice: 0, call: this.#call, id, name });
  }

  event(type: string, event: JsonRecord, out: StreamItem[]): void {
    switch (type) {
      case "function_call_arguments.delta":
        this.#piece(asString(event["delta"]) ?? "", out);
        break;
      case "function_call_arguments.done":
        if (!this.#hasPieces) this.#piece(asString(event["arguments"]) ?? "", out);
        break;
      case "custom_tool_call_input.delta":
        this.#input(asString(event["delta"]) ?? "", out);
        break;
      default:
    }
  }

  done(item: JsonRecord, out: StreamItem[]): void {
    if (this.#isCustom) {
      if (!this.#hasPieces) this.#input(asString(item["input"]) ?? "", out);
      this.#piece(this.#hasPieces ? '"}' : '{"input":""}', out);
      return;
    }
    if (!this.#hasPieces) this.#piece(asFilledString(item["arguments"]) ?? "{}", out);
  }

  /** A piece of a text, as a piece of the JSON that stands for it. */
  #input(text: string, out: StreamItem[]): void {
    if (text === "") return;
    const escaped = JSON.stringify(text).slice(1, -1);
    this.#piece(this.#hasPieces ? escaped : `{"input":"${escaped}`, out);
  }

  #piece(text: string, out: StreamItem[]): void {
    if (text === "") return;
    this.#hasPieces = true;
    out.push({ kind: "tool_arguments", choice: 0, call: this.#call, text });
  }
}

const imageDecoder: ItemDecoder = {
  event: () => {},
  done: (item, out) => {
    const data = asFilledString(item["result"]);
    if (data === null || data.startsWith("http")) {
      // Kept at the provider under a URL, or not made at all.
      out.push({ kind: "native", choice: 0, wire: "responses", json: item });
      return;
    }
    const format = asFilledString(item["output_format"]) ?? "png";
    out.push({ kind: "image", choice: 0, mimeType: `image/${format}`, data });
  },
};

/** Tools the provider runs, and what is not known here: handed on whole. */
const nativeDecoder: ItemDecoder = {
  event: () => {},
  done: (item, out) => {
    out.push({ kind: "native", choice: 0, wire: "responses", json: item });
  },
};

/** Begins an item of the output. */
export const openItem = (item: JsonRecord, state: AnswerState, out: StreamItem[]): ItemDecoder => {
  switch (item["type"]) {
    case "message":
      return new MessageDecoder(state, item);
    case "reasoning":
      return new ReasoningDecoder(state);
    case "function_call":
      return new CallDecoder(state, item, out);
    case "custom_tool_call":
      return isProvidersOwn(asString(item["name"]) ?? "")
        ? nativeDecoder
        : new CallDecoder(state, item, out);
    case "image_generation_call":
      return imageDecoder;
    default:
      return nativeDecoder;
  }
};
