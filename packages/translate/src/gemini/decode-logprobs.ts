import { asArray, asNumber, asRecord, asString } from "../json/read.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";

const entryOf = (value: unknown): { token: string; logprob: number; bytes: number[] } | null => {
  const candidate = asRecord(value);
  const token = asString(candidate?.["token"]);
  const logprob = asNumber(candidate?.["logProbability"]);
  if (token === null || logprob === null) return null;
  return { token, logprob, bytes: [...encodeUtf8(token)] };
};

/** `logprobsResult` of a candidate in the form of the chat wire; `null` if there is none. */
export const decodeGeminiLogprobs = (value: unknown): unknown => {
  const result = asRecord(value);
  const chosen = asArray(result?.["chosenCandidates"]);
  if (chosen.length === 0) return null;
  const tops = asArray(result?.["topCandidates"]);
  const content = chosen.flatMap((candidate, at) => {
    const entry = entryOf(candidate);
    if (entry === null) return [];
    const top = asArray(asRecord(tops[at])?.["candidates"]).flatMap((one) => entryOf(one) ?? []);
    return [{ ...entry, top_logprobs: top }];
  });
  return { content, refusal: null };
};
