import { stringifyForSse } from "../bytes/line-separators.ts";
import type { JsonRecord } from "../json/read.ts";

/** Writes events with numbers that have no gaps. */
export class EventWriter {
  #next: number;

  /** @param next number of the first event; not 0 where others have gone out before. */
  constructor(next = 0) {
    this.#next = next;
  }

  get count(): number {
    return this.#next;
  }

  event(type: string, fields: JsonRecord): string {
    const data = stringifyForSse({ type, sequence_number: this.#next, ...fields });
    this.#next += 1;
    return `event: ${type}\ndata: ${data}\n\n`;
  }

  response(type: string, fields: JsonRecord): string {
    return this.event(`response.${type}`, fields);
  }
}
