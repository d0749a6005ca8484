import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import type { Credential, Offering } from "../offering/offering.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { CacheDirective, Candidate, Expected } from "./decision.ts";

/** Places in `known`. */
const SCORE = 0;
const NOW = 1;
const TTFT = 2;
const MS_PER_TOKEN = 3;
const CACHED = 4;
const PROMPT = 5;
const PROMPT_HIGH = 6;
const OUTPUT_P95 = 7;
const NOW_MS = 8;

const at = (known: readonly number[], place: number): number => known[place] ?? 0;

/**
 * A candidate that works out its less often read values when they are read, from numbers of its own and
 * its offering's prices: nothing in it changes when the state does. Most requests look at the first
 * one only.
 */
export class BuiltCandidate implements Candidate {
  readonly offering: Offering;
  readonly credential: Credential;
  readonly resting: boolean;
  readonly cacheDirective: CacheDirective | null;
  /** Its numbers, by the places above. */
  readonly known: readonly number[];

  // Five places, since this is made for every candidate of every decision.
  constructor(
    offering: Offering,
    credential: Credential,
    resting: boolean,
    cacheDirective: CacheDirective | null,
    known: readonly number[],
  ) {
    this.offering = offering;
    this.credential = credential;
    this.resting = resting;
    this.cacheDirective = cacheDirective;
    this.known = known;
  }

  get score(): number {
    return at(this.known, SCORE);
  }

  get expected(): Expected {
    const now = at(this.known, NOW);
    return {
      costUsd: now === Infinity ? null : usdFromPico(now),
      ttftMs: at(this.known, TTFT),
      throughputTps: 1000 / at(this.known, MS_PER_TOKEN),
      cachedTokens: at(this.known, CACHED),
    };
  }

  get holdPicoUsd(): number | null {
    const { price } = this.offering;
    if (price === null) return null;
    const outputTokens = at(this.known, OUTPUT_P95);
    const cost = (tokens: Partial<typeof emptyUsage>): number =>
      costOf(price, { ...emptyUsage, ...tokens, outputTokens }, at(this.known, NOW_MS));
    return Math.max(
      cost({ inputTokens: at(this.known, PROMPT) }),
      cost({ inputTokens: at(this.known, PROMPT_HIGH) }),
      // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
      cost({ cacheWrite5mTokens: at(this.known, PROMPT_HIGH) }),
    );
  }

  /** All values, the ones worked out too. */
  toJSON(): Candidate {
    const { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective } = this;
    return { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective };
  }
}
