import type { Usage } from "@pointsman/core";
import { isContent } from "@pointsman/translate";
import type { StreamItem } from "@pointsman/translate";

/** What a streamed answer has brought so far, and whether it is whole. */
export interface AnswerProgress {
  readonly contentSeen: boolean;
  readonly usage: Usage | null;
  note(item: StreamItem): void;
  /** Every choice that was seen has finished, and at least as many as were asked for. */
  isWhole(): boolean;
}

/**
 * @param choices Answers that must finish. Passed-through content does not tell its choice, so there
 * it is the number asked for; decoded content tells, so 1 is enough.
 */
export const createAnswerProgress = (choices: number): AnswerProgress => {
  const seen = new Set<number>();
  const finished = new Set<number>();
  let contentSeen = false;
  let usage: Usage | null = null;
  return {
    get contentSeen() {
      return contentSeen;
    },
    get usage() {
      return usage;
    },
    note: (item) => {
      if (item.kind === "usage") usage = item.usage;
      else if (item.kind === "finish") finished.add(item.choice);
      else if ("choice" in item) seen.add(item.choice);
      contentSeen ||= isContent(item);
    },
    isWhole: () => finished.size >= choices && [...seen].every((choice) => finished.has(choice)),
  };
};
