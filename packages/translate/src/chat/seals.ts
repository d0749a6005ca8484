import { present } from "../json/present.ts";
import type { Maker } from "../neutral/content.ts";
import { writeSeal } from "../neutral/seal.ts";

type Signed = { readonly signature: string; readonly maker?: Maker; readonly id?: string };

/** Bare on the chat wire: reasoning blocks of Anthropic's, signatures of Gemini's on calls. */
export const reasoningSlot = { maker: "anthropic", place: { on: "reasoning" } } as const;
export const redactedSlot = { maker: "anthropic", place: { on: "redacted" } } as const;
/** Whose signatures stand bare on tool calls and on whole texts. */
export const callMaker: Maker = "google";

export const sealOfReasoning = ({ signature, maker = "anthropic", id }: Signed): string =>
  writeSeal(
    { maker, value: signature, place: { on: "reasoning", ...present("id", id) } },
    { maker: "anthropic", on: "reasoning" },
  );

export const sealOfText = ({ signature, maker = callMaker }: Signed): string =>
  writeSeal({ maker, value: signature, place: { on: "text" } }, { maker: callMaker, on: "text" });

export const sealOfRedacted = ({
  data,
  maker = "anthropic",
}: {
  readonly data: string;
  readonly maker?: Maker;
}): string =>
  writeSeal(
    { maker, value: data, place: { on: "redacted" } },
    { maker: "anthropic", on: "redacted" },
  );

/** `null` = the call is not signed. */
export const sealOfCall = (call: {
  readonly id: string;
  readonly signature?: string;
  readonly maker?: Maker;
}): string | null => {
  const { id, signature, maker = callMaker } = call;
  if (signature === undefined) return null;
  const place = { on: "call", id } as const;
  return writeSeal({ maker, value: signature, place }, { maker: callMaker, on: "call" });
};
