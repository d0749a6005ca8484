import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import type { Credential, Offering } from "../offering/offering.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import { LAST_RESORT } from "./choose-account.ts";
import type { CacheDirective, Candidate, Expected } from "./decision.ts";
import { directiveOf } from "./directive-of.ts";

// Places of a candidate's numbers in `Known`; MOST_OUTPUT is the smaller of its caps.
export const KNOWN_SCORE: number = 0;
export const KNOWN_RANK: number = 1;
export const KNOWN_NOW: number = 2;
export const KNOWN_TTFT: number = 3;
export const KNOWN_MS_PER_TOKEN: number = 4;
export const KNOWN_CACHED: number = 5;
export const KNOWN_PROMPT: number = 6;
export const KNOWN_PROMPT_HIGH: number = 7;
export const KNOWN_OUTPUT_P95: number = 8;
export const KNOWN_MOST_OUTPUT: number = 9;
export const KNOWN_DIRECTIVE: number = 10;
export const KNOWN_LONGEST: number = 11;
/** Numbers of one candidate. */
export const KNOWN: number = 12;

/** What all candidates of a decision are told from; never changed once it is made. */
export type Known = {
  readonly nowMs: number;
  /** Tokens of the request's prefix chain, and of what other conversations share of it. */
  readonly chainTokens: number;
  readonly sharedTokens: number;
  /** By candidate and the places above. */
  readonly numbers: readonly number[];
};

const numberAt = ({ known, at }: BuiltCandidate, place: number): number =>
  known.numbers[at + place] ?? 0;

/**
 * A candidate that works out what it is asked for when it is asked, from numbers kept for the whole
 * decision and its offering's prices: nothing in it changes when the state does. Most requests look at
 * the first one only.
 */
export class BuiltCandidate implements Candidate {
  readonly offering: Offering;
  readonly credential: Credential;
  readonly known: Known;
  /** Where its numbers begin. */
  readonly at: number;

  // Four places, since this is made for every candidate of every decision.
  constructor(offering: Offering, credential: Credential, known: Known, at: number) {
    this.offering = offering;
    this.credential = credential;
    this.known = known;
    this.at = at;
  }

  get score(): number {
    return this.known.numbers[this.at + KNOWN_SCORE] ?? 0;
  }

  get resting(): boolean {
    return numberAt(this, KNOWN_RANK) >= LAST_RESORT;
  }

  get expected(): Expected {
    const now = numberAt(this, KNOWN_NOW);
    return {
      costUsd: now === Infinity ? null : usdFromPico(now),
      ttftMs: numberAt(this, KNOWN_TTFT),
      throughputTps: 1000 / numberAt(this, KNOWN_MS_PER_TOKEN),
      cachedTokens: numberAt(this, KNOWN_CACHED),
    };
  }

  get holdPicoUsd(): number | null {
    const { price } = this.offering;
    if (price === null) return null;
    const outputTokens = wholeTokens(
      numberAt(this, KNOWN_OUTPUT_P95),
      numberAt(this, KNOWN_MOST_OUTPUT),
    );
    const cost = (tokens: Partial<typeof emptyUsage>): number =>
      costOf(price, { ...emptyUsage, ...tokens, outputTokens }, this.known.nowMs);
    return Math.max(
      cost({ inputTokens: numberAt(this, KNOWN_PROMPT) }),
      cost({ inputTokens: numberAt(this, KNOWN_PROMPT_HIGH) }),
      // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
      cost({ cacheWrite5mTokens: numberAt(this, KNOWN_PROMPT_HIGH) }),
    );
  }

  get cacheDirective(): CacheDirective | null {
    const { chainTokens, sharedTokens } = this.known;
    return directiveOf(numberAt(this, KNOWN_DIRECTIVE), {
      chainTokens,
      sharedTokens,
      longestTokens: numberAt(this, KNOWN_LONGEST),
      minimumTokens: this.offering.cache.minimumTokens,
    });
  }

  /** All values, the ones worked out too. */
  toJSON(): Candidate {
    const { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective } = this;
    return { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective };
  }
}
