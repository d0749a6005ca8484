import * as fc from "fast-check";
import type { NeutralReply, OutputPart } from "../src/index.ts";

/** A short text of any characters, not empty. */
export const word: fc.Arbitrary<string> = fc.string({
  minLength: 1,
  maxLength: 6,
  unit: "grapheme",
});

const makers = ["anthropic", "google", "openai"] as const;
const maker = fc.constantFrom(...makers);
const sealed = fc.option(fc.record({ signature: word, maker }), { nil: undefined });

/**
 * A part of an answer that a surface gives back in the history.
 * @param own maker whose marks on texts and calls the surface's wire has no place for
 */
export const arbitraryPart = (
  own: (typeof makers)[number],
  native: OutputPart,
): fc.Arbitrary<OutputPart> => {
  const others = makers.filter((one) => one !== own);
  const foreign = fc.record({ signature: word, maker: fc.constantFrom(...others) });
  const foreignSeal = fc.option(foreign, { nil: undefined });
  return fc.oneof(
    fc
      .tuple(word, foreignSeal)
      .map(([text, seal]): OutputPart => ({ kind: "text", text, ...seal })),
    fc
      .tuple(word, sealed)
      .map(([text, seal]): OutputPart => ({ kind: "reasoning", text, ...seal })),
    fc
      .tuple(word, maker)
      .map(([data, who]): OutputPart => ({ kind: "reasoning_redacted", data, maker: who })),
    fc
      .tuple(fc.uuid(), word, fc.dictionary(word, word), foreignSeal)
      .map(([id, name, input, seal]): OutputPart => ({
        kind: "tool_call",
        id,
        name,
        arguments: JSON.stringify(input),
        ...seal,
      })),
    fc.constant(native),
  );
};

/** Neighbours that a stream cannot tell apart are one, `between` them. */
export const mergedParts = (
  parts: readonly OutputPart[],
  between: Readonly<Record<"text" | "reasoning", string>> = { text: "", reasoning: "" },
): readonly OutputPart[] => {
  const out: OutputPart[] = [];
  for (const next of parts) {
    const last = out.at(-1);
    if (
      (next.kind === "text" || next.kind === "reasoning") &&
      last?.kind === next.kind &&
      last.signature === undefined
    ) {
      out[out.length - 1] = { ...next, text: last.text + between[next.kind] + next.text };
    } else {
      out.push(next);
    }
  }
  return out;
};

/** An answer with one choice. */
export const replyOf = (parts: readonly OutputPart[]): NeutralReply => ({
  id: "chatcmpl-1",
  model: "gpt",
  createdSeconds: 1,
  choices: [
    {
      index: 0,
      parts,
      finish: parts.some(({ kind }) => kind === "tool_call") ? "tool_calls" : "stop",
      native: null,
      logprobs: null,
    },
  ],
  usage: null,
});
