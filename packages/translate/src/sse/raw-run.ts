import type { StreamItem } from "../neutral/stream-item.ts";

/** Joins events that stand side by side in one read and go out unchanged to one `raw` item. */
export class RawRun {
  #bytes: Uint8Array | null = null;
  #start = 0;
  #end = 0;
  #events = 0;
  #content = false;
  #out: StreamItem[] = [];

  /** Where items go from here on. */
  into(out: StreamItem[]): void {
    this.#out = out;
  }

  forward(bytes: Uint8Array, start: number, end: number, content: boolean): void {
    if (this.#bytes === bytes && this.#end === start) {
      this.#end = end;
      this.#events += 1;
      this.#content ||= content;
      return;
    }
    this.flush();
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#events = 1;
    this.#content = content;
  }

  /** Puts out what has run up. */
  flush(): void {
    if (this.#bytes === null) return;
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    this.#out.push({ kind: "raw", bytes, events: this.#events, content: this.#content });
    this.#bytes = null;
  }

  /** An item beside the bytes, in its place. */
  inform(item: StreamItem): void {
    this.flush();
    this.#out.push(item);
  }
}
