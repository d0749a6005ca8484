import type { Usage } from "@pointsman/core";
import { isContent } from "@pointsman/translate";
import type { StreamItem } from "@pointsman/translate";

/** What a streamed answer has brought so far, and whether it is whole. */
export class AnswerProgress {
  readonly #choices: number;
  /** Choices that were seen, and whether each has finished. */
  readonly #finished = new Map<number, boolean>();
  #contentSeen = false;
  #filtered = false;
  #usage: Usage | null = null;

  /**
   * @param choices Answers that must finish. Passed-through content does not tell its choice, so there
   * it is the number asked for; decoded content tells, so 1 is enough.
   */
  constructor(choices: number) {
    this.#choices = choices;
  }

  get contentSeen(): boolean {
    return this.#contentSeen;
  }

  get usage(): Usage | null {
    return this.#usage;
  }

  note(item: StreamItem): void {
    this.#contentSeen ||= isContent(item);
    if (item.kind === "raw") return;
    if (item.kind === "usage") this.#usage = item.usage;
    else if (item.kind === "finish") {
      this.#finished.set(item.choice, true);
      this.#filtered ||= item.reason === "content_filter";
    } else if ("choice" in item && !this.#finished.has(item.choice))
      this.#finished.set(item.choice, false);
  }

  /** Filtered before it said anything. */
  isFiltered(): boolean {
    return !this.#contentSeen && this.#filtered;
  }

  /** Every choice that was seen has finished, and at least as many as were asked for. */
  isWhole(): boolean {
    const states = [...this.#finished.values()];
    return states.length >= this.#choices && states.every(Boolean);
  }
}
