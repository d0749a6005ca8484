import type { Usage } from "@pointsman/core";
import type { JsonRecord } from "../json/read.ts";
import { asArray, asCount, asNumber, asRecord } from "../json/read.ts";

/** A later report over an earlier one: what it leaves out or has as null stays. */
export const mergeUsage = (before: JsonRecord, later: unknown): JsonRecord => {
  const known = Object.entries(asRecord(later) ?? {}).filter(([, value]) => value !== null);
  return { ...before, ...Object.fromEntries(known) };
};

/** Rounds that are billed at this model's price; an advisor's belong to another model. */
const ownRounds: ReadonlySet<unknown> = new Set(["message", "compaction"]);

const roundUsage = (raw: JsonRecord): Usage => {
  const byLife = asRecord(raw["cache_creation"]);
  const total = asNumber(raw["cache_creation_input_tokens"]);
  const toldHour = asCount(byLife?.["ephemeral_1h_input_tokens"]);
  const written =
    total === null ? toldHour + asCount(byLife?.["ephemeral_5m_input_tokens"]) : asCount(total);
  const hour = Math.min(written, toldHour);
  const output = asCount(raw["output_tokens"]);
  const details = asRecord(raw["output_tokens_details"]);
  const reasoningTokens = Math.min(output, asCount(details?.["thinking_tokens"]));
  return {
    inputTokens: asCount(raw["input_tokens"]),
    cacheReadTokens: asCount(raw["cache_read_input_tokens"]),
    cacheWrite5mTokens: written - hour,
    cacheWrite1hTokens: hour,
    outputTokens: output - reasoningTokens,
    reasoningTokens,
  };
};

const add = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
  cacheWrite5mTokens: a.cacheWrite5mTokens + b.cacheWrite5mTokens,
  cacheWrite1hTokens: a.cacheWrite1hTokens + b.cacheWrite1hTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
});

/**
 * Anthropic's usage as disjoint buckets: `input_tokens` leaves out what was read from and written to
 * caches. Where there were several rounds (compaction, advisor) the top level leaves some of them out, so
 * the bill is the sum of this model's; after a server-side fallback the top level is the answer served.
 * `null` if nothing was counted, which is not zero.
 */
export const decodeMessagesUsage = (value: unknown): Usage | null => {
  const raw = asRecord(value);
  if (raw === null) return null;
  const counts = ["input_tokens", "output_tokens", "cache_read_input_tokens"];
  if (counts.every((key) => asNumber(raw[key]) === null)) return null;
  const rounds = asArray(raw["iterations"])
    .map(asRecord)
    .filter((round) => round !== null);
  const fellBack = rounds.some((round) => round["type"] === "fallback_message");
  const own = rounds.filter((round) => ownRounds.has(round["type"]));
  const usage =
    fellBack || own.length === 0
      ? roundUsage(raw)
      : own.map((round) => roundUsage(round)).reduce(add);
  const webSearches = asCount(asRecord(raw["server_tool_use"])?.["web_search_requests"]);
  return webSearches > 0 ? { ...usage, webSearches } : usage;
};
