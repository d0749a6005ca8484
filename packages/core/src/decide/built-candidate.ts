import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import type { Credential, Offering } from "../offering/offering.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { CacheDirective, Candidate, Expected } from "./decision.ts";

/** What all candidates of one model are told from; never changed once it is made. */
export type Known = {
  readonly nowMs: number;
  readonly prompt: PromptEstimate;
  /** 0.95 quantile of the answer, tokens, cut at no cap yet; and the caller's cap. */
  readonly outputP95: number;
  readonly maxOutputTokens: number;
};

/** Places in `numbers`. */
const SCORE = 0;
const NOW = 1;
const TTFT = 2;
const MS_PER_TOKEN = 3;
const CACHED = 4;

const at = (numbers: readonly number[], place: number): number => numbers[place] ?? 0;

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
  readonly known: Known;
  /** Its numbers, by the places above. */
  readonly numbers: readonly number[];

  // Six places, since this is made for every candidate of every decision.
  constructor(
    offering: Offering,
    credential: Credential,
    resting: boolean,
    cacheDirective: CacheDirective | null,
    known: Known,
    numbers: readonly number[],
  ) {
    this.offering = offering;
    this.credential = credential;
    this.resting = resting;
    this.cacheDirective = cacheDirective;
    this.known = known;
    this.numbers = numbers;
  }

  get score(): number {
    return at(this.numbers, SCORE);
  }

  get expected(): Expected {
    const now = at(this.numbers, NOW);
    return {
      costUsd: now === Infinity ? null : usdFromPico(now),
      ttftMs: at(this.numbers, TTFT),
      throughputTps: 1000 / at(this.numbers, MS_PER_TOKEN),
      cachedTokens: at(this.numbers, CACHED),
    };
  }

  get holdPicoUsd(): number | null {
    const { price, maxOutputTokens } = this.offering;
    if (price === null) return null;
    const { nowMs, prompt, outputP95, maxOutputTokens: asked } = this.known;
    const cap = Math.min(asked, maxOutputTokens ?? Infinity);
    const outputTokens = wholeTokens(outputP95, cap);
    const cost = (tokens: Partial<typeof emptyUsage>): number =>
      costOf(price, { ...emptyUsage, ...tokens, outputTokens }, nowMs);
    return Math.max(
      cost({ inputTokens: prompt.tokens }),
      cost({ inputTokens: prompt.tokensHigh }),
      // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
      cost({ cacheWrite5mTokens: prompt.tokensHigh }),
    );
  }

  /** All values, the ones worked out too. */
  toJSON(): Candidate {
    const { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective } = this;
    return { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective };
  }
}
