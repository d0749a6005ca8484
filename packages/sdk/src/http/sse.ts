/** One server-sent event. */
export type ServerSentEvent = {
  /** `null` = none was named. */
  readonly event: string | null;
  readonly data: string;
};

/**
 * Reads server-sent events out of bytes, split wherever they may be (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * An event without data is none; one that the end cuts off is none either.
 */
export class SseReader {
  readonly #decoder = new TextDecoder();
  /** Pieces of the line that has not ended: joined once, or a long one would cost its length squared. */
  #rest: string[] = [];
  #event: string | null = null;
  #data: string[] = [];
  /** The last line ended with CR: a LF that comes belongs to it. */
  #afterReturn = false;

  push(bytes: Uint8Array): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return events;
    if (this.#afterReturn && text.startsWith("\n")) text = text.slice(1);
    this.#afterReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\r|\n/u);
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const event = this.#line(this.#whole(line));
      if (event !== null) events.push(event);
    }
    if (last !== "") this.#rest.push(last);
    return events;
  }

  #whole(end: string): string {
    if (this.#rest.length === 0) return end;
    const line = this.#rest.join("") + end;
    this.#rest = [];
    return line;
  }

  #line(line: string): ServerSentEvent | null {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    // Of a comment, whose colon is first, the field has no name.
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    return null;
  }

  #dispatch(): ServerSentEvent | null {
    const event = this.#event;
    const data = this.#data;
    this.#event = null;
    this.#data = [];
    return data.length === 0 ? null : { event, data: data.join("\n") };
  }
}
