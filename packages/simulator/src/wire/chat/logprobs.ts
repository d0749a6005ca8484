import { Buffer } from "node:buffer";
import type { Json } from "../../model/json.ts";
import type { Piece } from "../../model/emission.ts";
import { seededRandom } from "../../model/seeded-random.ts";

const entry = (token: string, logprob: number): { readonly [key: string]: Json } => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
});

const tokenJson = (token: string, top: number): Json => {
  const random = seededRandom(`logprob:${token}`);
  // The token that was written is the likeliest; each further one has at most half its odds.
  const first = -0.01 - 0.3 * random.next();
  const others = ["The", " the", " and", ".", ",", " a", " to", " of", " in", " is"];
  const list = Array.from({ length: top }, (_, at) =>
    at === 0
      ? entry(token, first)
      : entry(others[at % others.length] ?? ".", first - at * (0.7 + random.next())),
  );
  return { ...entry(token, first), top_logprobs: list };
};

/** `logprobs` of a choice or chunk: plausible, and the same for the same token. `null` = not asked. */
export const logprobsJson = (pieces: readonly Piece[], top: number | null): Json => {
  if (top === null) return null;
  const content = pieces.flatMap((piece) =>
    piece.kind === "content" ? [tokenJson(piece.text, top)] : [],
  );
  return { content, refusal: null };
};
