import { asRecord } from "../json/read.ts";
import type { JsonRecord } from "../json/read.ts";
import type { Annotation, Maker } from "../neutral/content.ts";
import type { Loss } from "../neutral/loss.ts";
import { contentDropped } from "../neutral/losses.ts";
import { writeSeal } from "../neutral/seal.ts";
import type { SealPlace } from "../neutral/seal.ts";
import { ownMaker } from "./responses-dialect.ts";

/** `encrypted_content` for an opaque piece. */
export const writeEncrypted = (value: string, maker: Maker | undefined, place: SealPlace): string =>
  writeSeal({ maker: maker ?? ownMaker, value, place }, { maker: ownMaker, on: "reasoning" });

/** Annotations in the form of this wire; those of other wires are left out with a loss. */
export const encodeAnnotations = (
  annotations: readonly Annotation[],
  losses: Set<Loss>,
): readonly JsonRecord[] =>
  annotations.flatMap((annotation): JsonRecord[] => {
    if (annotation.kind === "native") {
      if (annotation.wire === "responses") return [annotation.json];
      losses.add(contentDropped);
      return [];
    }
    const { url, title, start, end } = annotation;
    const place = { start_index: start ?? 0, end_index: end ?? 0 };
    return [{ type: "url_citation", url, title: title ?? url, ...place }];
  });

/** Logprobs of the chat wire as this wire lists them. */
export const encodeLogprobs = (logprobs: unknown): readonly unknown[] => {
  const content = asRecord(logprobs)?.["content"];
  return Array.isArray(content) ? content : [];
};
