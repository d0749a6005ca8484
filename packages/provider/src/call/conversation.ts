import { createHash } from "node:crypto";
import type { ProviderCall } from "../adapter.ts";

/** Strings as raw JSON by field, as a body is spliced with. */
export const toJsonFields = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, JSON.stringify(value)]));

/** How a provider is told which requests belong together, so that its cache finds them. */
export type ConversationHint =
  /** `retains` = models whose cache can be asked to last 24 hours. */
  | { readonly kind: "prompt_cache_key"; readonly retains: RegExp | null }
  | { readonly kind: "user" }
  /** Takes an UUID. */
  | { readonly kind: "header"; readonly name: string };

/**
 * OpenAI's models whose cache can be asked to last a day:
 * https://platform.openai.com/docs/guides/prompt-caching#extended-prompt-cache-retention
 */
export const retainingModels: RegExp = /^gpt-(?:5(?:\.[12])?|4\.1)(?:-|$)/;

/** What a hint adds to a call; fields by name. */
export type ConversationParts = {
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
};

const none: ConversationParts = { fields: {}, headers: {} };

/** The same for the same text: 122 bits of its SHA-256 in the form of a version 4 UUID. */
const uuidOf = (text: string): string => {
  const hex = createHash("sha256").update(text).digest("hex");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/**
 * What tells a provider of the conversation a call belongs to (docs/contract.md §8): nothing where the
 * caller says it in its own words, or where nothing can be cached.
 *
 * @param present names of the body's fields so far
 */
export const conversationParts = (
  { caching, offering }: ProviderCall,
  hint: ConversationHint | null,
  present: readonly string[],
): ConversationParts => {
  if (hint === null || caching === undefined || caching === null) return none;
  if (hint.kind === "header") {
    return { fields: {}, headers: { [hint.name]: uuidOf(caching.conversationId()) } };
  }
  if (hint.kind === "user") {
    return present.includes("user")
      ? none
      : { fields: { user: caching.conversationId() }, headers: {} };
  }
  if (present.includes("prompt_cache_key") || present.includes("prompt_cache_retention")) {
    return none;
  }
  const retains =
    !caching.zeroRetention && hint.retains?.test(offering.providerModelId) === true
      ? { prompt_cache_retention: "24h" }
      : {};
  return { fields: { prompt_cache_key: caching.conversationId(), ...retains }, headers: {} };
};
