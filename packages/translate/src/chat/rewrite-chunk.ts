import type { JsonRecord } from "../json/read.ts";
import { asArray, asRecord } from "../json/read.ts";
import type { FinishReason } from "../neutral/stream-item.ts";

/** What a finished choice has to say instead of the provider's word. */
export type ChoiceFinish = { readonly reason: FinishReason; readonly native: string | null };

/** What every chunk of one answer has in common. */
export type ChunkHead = {
  readonly id: string | null;
  readonly model: string | null;
  readonly createdSeconds: number | null;
};

const objectName = "chat.completion.chunk";
const cutKeys = ["error", "x_groq", "routing_metadata"];

const headFields = (head: ChunkHead): JsonRecord => ({
  ...(head.id === null ? {} : { id: head.id }),
  object: objectName,
  ...(head.createdSeconds === null ? {} : { created: head.createdSeconds }),
  ...(head.model === null ? {} : { model: head.model }),
});

const isSound = (choice: JsonRecord | null, finish: ChoiceFinish | null): boolean =>
  choice !== null && Object.hasOwn(choice, "finish_reason") && (finish?.native ?? null) === null;

const rewriteChoice = (choice: JsonRecord | null, finish: ChoiceFinish | null): JsonRecord => ({
  ...choice,
  finish_reason: finish?.reason ?? null,
  ...(finish === null || finish.native === null ? {} : { native_finish_reason: finish.native }),
});

/**
 * A chunk as docs/contract.md §16 wants it, `null` if it is so already: the same head as the others, no
 * `error`, no usage beside choices, a finish reason of ours or null. `finishes` by place in `choices`.
 */
export const rewriteChunk = (
  chunk: JsonRecord,
  finishes: readonly (ChoiceFinish | null)[],
  head: ChunkHead,
): JsonRecord | null => {
  const hasUsage = chunk["usage"] !== undefined && chunk["usage"] !== null;
  const hasCut = cutKeys.some((key) => Object.hasOwn(chunk, key));
  const fields = headFields(head);
  const sameHead = Object.entries(fields).every(([key, value]) => chunk[key] === value);
  const choices = asArray(chunk["choices"]).map((choice) => asRecord(choice));
  const sound = choices.every((choice, place) => isSound(choice, finishes[place] ?? null));
  if (!hasUsage && !hasCut && sameHead && sound) return null;
  const cut = new Set(hasUsage ? [...cutKeys, "usage"] : cutKeys);
  return {
    ...Object.fromEntries(Object.entries(chunk).filter(([key]) => !cut.has(key))),
    ...fields,
    choices: choices.map((choice, place) => rewriteChoice(choice, finishes[place] ?? null)),
  };
};
