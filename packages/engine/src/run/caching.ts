import { createHmac } from "node:crypto";
import type { CacheDirective, Candidate } from "@pointsman/core";
import type { ProviderCaching } from "@pointsman/provider";
import type { ChainLink, PlacedMark } from "@pointsman/translate";
import type { RunRequest } from "./run-request.ts";

/** The last place before so many tokens where something ends that a mark can stand on. */
const placeBefore = (chain: readonly ChainLink[], tokens: number): number | null =>
  chain.findLast((link) => link.ends !== null && link.tokens <= tokens)?.ends ?? null;

/** Core counts in tokens, a request's marks stand after messages. */
export const placeMarks = (
  directive: CacheDirective | null,
  chain: readonly ChainLink[],
): readonly PlacedMark[] => {
  const marks = new Map<number, PlacedMark>();
  for (const { uptoTokens, ttl } of directive?.breakpoints ?? []) {
    const after = placeBefore(chain, uptoTokens);
    if (after !== null) marks.set(after, { after, ttl });
  }
  return [...marks.values()].toSorted((one, other) => one.after - other.after);
};

/** Characters of a conversation's id: 128 bits. */
const idLength = 32;

/** Ids by what they are made of: the turns of a conversation ask for one again and again. */
const knownIds = new Map<string, string>();
const mostKnownIds = 4096;

const idOf = (workspace: string, told: string): string => {
  const key = `${workspace}\n${told}`;
  const known = knownIds.get(key);
  if (known !== undefined) return known;
  const id = createHmac("sha256", `conversation\n${workspace}`)
    .update(told)
    .digest("hex")
    .slice(0, idLength);
  if (knownIds.size >= mostKnownIds) knownIds.clear();
  knownIds.set(key, id);
  return id;
};

/**
 * The caller's own name of the conversation, else a keyed hash of what its turns have in common
 * (docs/contract.md §8). Of `trace_id` only a hash goes out.
 */
const conversationIdOf = ({ caller, routing }: RunRequest, candidate: Candidate): string => {
  const { outline, opening } = caller;
  if (outline.promptCacheKey !== undefined) return outline.promptCacheKey;
  const trace = outline.gateway?.metadata?.trace_id;
  const told =
    trace === undefined
      ? `${candidate.offering.model}\n${opening?.high ?? 0}\n${opening?.low ?? 0}`
      : `trace\n${trace}`;
  return idOf(routing.workspace, told);
};

/** What a call at a candidate may do for its cache; `null` where the prompt is too short for any. */
export const cachingOf = (
  request: RunRequest,
  candidate: Candidate,
  promptTokens: number,
): ProviderCaching | null => {
  const { mode, minimumTokens } = candidate.offering.cache;
  if (mode === "none" || promptTokens < minimumTokens) return null;
  return {
    marks: placeMarks(candidate.cacheDirective, request.caller.chain),
    conversationId: () => conversationIdOf(request, candidate),
    zeroRetention: request.routing.constraints.dataPolicy === "zdr",
  };
};
