import type { Maker } from "../neutral/content.ts";
import type { Seal } from "../neutral/seal.ts";
import { writeSeal } from "../neutral/seal.ts";

/** Whose opaque pieces stand bare on this wire. */
export const ownMaker: Maker = "anthropic";

export const reasoningSlot = { maker: ownMaker, place: { on: "reasoning" } } as const;
export const redactedSlot = { maker: ownMaker, place: { on: "redacted" } } as const;

/** What `thinking.signature` holds for an opaque piece. */
export const writeSignature = (
  value: string,
  maker: Maker | undefined,
  place: Seal["place"],
): string =>
  writeSeal({ maker: maker ?? ownMaker, value, place }, { maker: ownMaker, on: "reasoning" });

/** What `redacted_thinking.data` holds for an opaque piece. */
export const writeRedacted = (value: string, maker: Maker | undefined): string =>
  writeSeal(
    { maker: maker ?? ownMaker, value, place: { on: "redacted" } },
    { maker: ownMaker, on: "redacted" },
  );
