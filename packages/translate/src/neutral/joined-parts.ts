import type { OutputPart } from "./content.ts";

/** One text of two, where a stream could not tell them apart; else `null`. */
const joined = (last: OutputPart | undefined, next: OutputPart): OutputPart | null => {
  if (next.kind === "text" && last?.kind === "text" && last.phase === next.phase) {
    return last.signature === undefined ? { ...next, text: last.text + next.text } : null;
  }
  if (next.kind === "refusal" && last?.kind === "refusal") {
    return { kind: "refusal", text: last.text + next.text };
  }
  return null;
};

/** The parts of an answer with texts that follow each other as one. */
export const joinedParts = (parts: readonly OutputPart[]): readonly OutputPart[] => {
  const out: OutputPart[] = [];
  for (const next of parts) {
    const both = joined(out.at(-1), next);
    if (both === null) out.push(next);
    else out[out.length - 1] = both;
  }
  return out;
};
