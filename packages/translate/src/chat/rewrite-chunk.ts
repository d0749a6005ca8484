import type { JsonRecord } from "../json/read.ts";
import { asRecord } from "../json/read.ts";
import type { FinishReason } from "../neutral/stream-item.ts";

/** What a finished choice has to say instead of the provider's word. */
export type ChoiceFinish = { readonly reason: FinishReason; readonly native: string | null };

const objectName = "chat.completion.chunk";
const cutKeys = ["error", "x_groq", "routing_metadata"];

/**
 * A chunk as docs/contract.md §16 wants it, `null` if it is so already: no `error`, no usage beside
 * choices, our word for the finish. `finishes` by place in `choices`.
 */
export const rewriteChunk = (
  chunk: JsonRecord,
  finishes: readonly (ChoiceFinish | null)[],
): JsonRecord | null => {
  const hasUsage = chunk["usage"] !== undefined && chunk["usage"] !== null;
  const hasCut = cutKeys.some((key) => Object.hasOwn(chunk, key));
  const otherWord = finishes.some((finish) => finish !== null && finish.native !== null);
  if (!hasUsage && !hasCut && !otherWord && chunk["object"] === objectName) return null;
  const cut = new Set(hasUsage ? [...cutKeys, "usage"] : cutKeys);
  const kept = Object.entries(chunk).filter(([key]) => !cut.has(key));
  const choices = chunk["choices"];
  return {
    ...Object.fromEntries(kept),
    object: objectName,
    choices: Array.isArray(choices)
      ? choices.map((choice: unknown, place) => {
          const finish = finishes[place] ?? null;
          if (finish === null || finish.native === null) return choice;
          const { reason, native } = finish;
          return { ...asRecord(choice), finish_reason: reason, native_finish_reason: native };
        })
      : [],
  };
};
