import type { JsonRecord } from "../json/read.ts";
import { freeformInput } from "./encode-items.ts";
import { callItem, itemIdOf } from "./encode-reply.ts";
import type { EventWriter } from "./event-writer.ts";

type OpenMessage = {
  readonly kind: "message";
  readonly id: string;
  readonly place: number;
  readonly phase: string | undefined;
  readonly part: "output_text" | "refusal";
  text: string;
  readonly annotations: JsonRecord[];
  readonly logprobs: unknown[];
};

/** Output that a provider wrote itself, as far as it came. */
export type AdoptedOutput = {
  /** By place. */
  readonly output: readonly JsonRecord[];
  readonly open: {
    readonly id: string;
    readonly place: number;
    readonly phase: string | undefined;
    readonly text: string;
  } | null;
};

type OpenReasoning = {
  readonly kind: "reasoning";
  readonly id: string;
  readonly place: number;
  text: string;
};

type OpenCall = {
  readonly id: string;
  readonly place: number;
  readonly callId: string;
  readonly name: string;
  json: string;
};

/** Puts the output of one answer together, item by item, and writes the events that tell of it. */
export class OutputWriter {
  readonly #events: EventWriter;
  readonly #answerId: string;
  readonly #freeform: ReadonlySet<string>;
  /** Items by place; what is still open has none yet. */
  readonly #output: (JsonRecord | undefined)[] = [];
  readonly #calls = new Map<number, OpenCall>();
  #open: OpenMessage | OpenReasoning | null = null;

  constructor(events: EventWriter, answerId: string, freeform: ReadonlySet<string>) {
    this.#events = events;
    this.#answerId = answerId;
    this.#freeform = freeform;
  }

  /** Goes on after items that others wrote: those that are whole, and the text that is open. */
  adopt({ output, open }: AdoptedOutput): void {
    this.#output.push(...output);
    if (open === null) return;
    this.#output[open.place] = undefined;
    this.#open = { kind: "message", part: "output_text", annotations: [], logprobs: [], ...open };
  }

  /** The items that are whole. */
  get output(): readonly JsonRecord[] {
    return this.#output.filter((item) => item !== undefined);
  }

  text(delta: string, phase: string | undefined, logprobs: readonly unknown[]): string {
    if (delta === "") return "";
    const start = this.#message("output_text", phase);
    const open = this.#open;
    if (open?.kind !== "message") return start;
    open.text += delta;
    open.logprobs.push(...logprobs);
    return start + this.#inPart("output_text.delta", open, { delta, logprobs });
  }

  refusal(delta: string): string {
    if (delta === "") return "";
    const start = this.#message("refusal", undefined);
    const open = this.#open;
    if (open?.kind !== "message") return start;
    open.text += delta;
    return start + this.#inPart("refusal.delta", open, { delta });
  }

  annotate(annotations: readonly JsonRecord[]): string {
    const open = this.#open;
    if (open?.kind !== "message" || open.part !== "output_text") return "";
    let out = "";
    for (const annotation of annotations) {
      const annotation_index = open.annotations.length;
      open.annotations.push(annotation);
      out += this.#inPart("output_text.annotation.added", open, { annotation_index, annotation });
    }
    return out;
  }

  reasoning(delta: string): string {
    if (delta === "") return "";
    const start = this.#open?.kind === "reasoning" ? "" : this.close() + this.#beginReasoning();
    const open = this.#open;
    if (open?.kind !== "reasoning") return start;
    const first =
      open.text === ""
        ? this.#inSummary("reasoning_summary_part.added", open, {
            part: { type: "summary_text", text: "" },
          })
        : "";
    open.text += delta;
    return start + first + this.#inSummary("reasoning_summary_text.delta", open, { delta });
  }

  /** Closes the open reasoning, or one of its own without text, with what must come back. */
  seal(encrypted: string, id?: string): string {
    const start = this.#open?.kind === "reasoning" ? "" : this.close() + this.#beginReasoning(id);
    const open = this.#open;
    return open?.kind === "reasoning" ? start + this.#endReasoning(open, encrypted) : start;
  }

  call(call: number, callId: string, name: string): string {
    const before = this.close();
    const place = this.#output.length;
    const open = { id: itemIdOf(this.#answerId, "fc", place), place, callId, name, json: "" };
    this.#calls.set(call, open);
    this.#output.push(undefined);
    const item = callItem(open.id, { id: callId, name, json: "" }, this.#freeform);
    const added = { output_index: place, item: { ...item, status: "in_progress" } };
    return before + this.#events.response("output_item.added", added);
  }

  argument(call: number, delta: string): string {
    const open = this.#calls.get(call);
    if (open === undefined || delta === "") return "";
    open.json += delta;
    // The text of a freeform tool is told once it can be read out of its JSON.
    if (this.#freeform.has(open.name)) return "";
    return this.#events.response("function_call_arguments.delta", {
      item_id: open.id,
      output_index: open.place,
      delta,
    });
  }

  /** An item that comes whole. */
  whole(item: JsonRecord): string {
    const before = this.close();
    const place = this.#output.length;
    this.#output.push(item);
    const fields = { output_index: place, item };
    return (
      before +
      this.#events.response("output_item.added", fields) +
      this.#events.response("output_item.done", fields)
    );
  }

  /** Ends the open message or reasoning; calls stay open, since their arguments may come in turns. */
  close(): string {
    const open = this.#open;
    if (open === null) return "";
    return open.kind === "message" ? this.#endMessage(open) : this.#endReasoning(open, null);
  }

  /** Ends everything. */
  end(): string {
    let out = this.close();
    for (const [call, open] of this.#calls) {
      this.#calls.delete(call);
      out += this.#endCall(open);
    }
    return out;
  }

  #message(part: OpenMessage["part"], phase: string | undefined): string {
    const open = this.#open;
    if (open?.kind === "message" && open.part === part && open.phase === phase) return "";
    const before = this.close();
    const place = this.#output.length;
    this.#output.push(undefined);
    const id = itemIdOf(this.#answerId, "msg", place);
    const made: OpenMessage = {
      kind: "message",
      id,
      place,
      phase,
      part,
      text: "",
      annotations: [],
      logprobs: [],
    };
    this.#open = made;
    const item = { ...this.#messageItem(made), status: "in_progress", content: [] };
    return (
      before +
      this.#events.response("output_item.added", { output_index: place, item }) +
      this.#inPart("content_part.added", made, { part: this.#part(made) })
    );
  }

  #part({ part, text, annotations, logprobs }: OpenMessage): JsonRecord {
    return part === "refusal"
      ? { type: "refusal", refusal: text }
      : { type: "output_text", text, annotations: [...annotations], logprobs: [...logprobs] };
  }

  #messageItem(open: OpenMessage): JsonRecord {
    return {
      id: open.id,
      type: "message",
      role: "assistant",
      status: "completed",
      content: [this.#part(open)],
      ...(open.phase === undefined ? {} : { phase: open.phase }),
    };
  }

  #endMessage(open: OpenMessage): string {
    this.#open = null;
    const item = this.#messageItem(open);
    this.#output[open.place] = item;
    const { text, logprobs } = open;
    const done =
      open.part === "refusal"
        ? this.#inPart("refusal.done", open, { refusal: text })
        : this.#inPart("output_text.done", open, { text, logprobs });
    return (
      done +
      this.#inPart("content_part.done", open, { part: this.#part(open) }) +
      this.#events.response("output_item.done", { output_index: open.place, item })
    );
  }

  #beginReasoning(id?: string): string {
    const place = this.#output.length;
    this.#output.push(undefined);
    const open: OpenReasoning = {
      kind: "reasoning",
      id: id ?? itemIdOf(this.#answerId, "rs", place),
      place,
      text: "",
    };
    this.#open = open;
    const item = { id: open.id, type: "reasoning", status: "in_progress", summary: [] };
    return this.#events.response("output_item.added", { output_index: place, item });
  }

  #endReasoning(open: OpenReasoning, encrypted: string | null): string {
    this.#open = null;
    const { id, place, text } = open;
    const part = { type: "summary_text", text };
    const item = {
      id,
      type: "reasoning",
      status: "completed",
      summary: text === "" ? [] : [part],
      ...(encrypted === null ? {} : { encrypted_content: encrypted }),
    };
    this.#output[place] = item;
    const summary =
      text === ""
        ? ""
        : this.#inSummary("reasoning_summary_text.done", open, { text }) +
          this.#inSummary("reasoning_summary_part.done", open, { part });
    return summary + this.#events.response("output_item.done", { output_index: place, item });
  }

  #endCall(open: OpenCall): string {
    const json = open.json === "" ? "{}" : open.json;
    const { id, place, callId, name } = open;
    const item = callItem(id, { id: callId, name, json }, this.#freeform);
    this.#output[place] = item;
    const at = { item_id: id, output_index: place };
    const input = freeformInput(json);
    const told = this.#freeform.has(name)
      ? this.#events.response("custom_tool_call_input.delta", { ...at, delta: input }) +
        this.#events.response("custom_tool_call_input.done", { ...at, input })
      : this.#events.response("function_call_arguments.done", { ...at, name, arguments: json });
    return told + this.#events.response("output_item.done", { output_index: place, item });
  }

  #inPart(type: string, { id, place }: OpenMessage, fields: JsonRecord): string {
    return this.#events.response(type, {
      item_id: id,
      output_index: place,
      content_index: 0,
      ...fields,
    });
  }

  #inSummary(type: string, { id, place }: OpenReasoning, fields: JsonRecord): string {
    return this.#events.response(type, {
      item_id: id,
      output_index: place,
      summary_index: 0,
      ...fields,
    });
  }
}
