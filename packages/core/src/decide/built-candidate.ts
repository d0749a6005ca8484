import { costOf } from "../cost/cost-of.ts";
import { usdFromPico } from "../cost/usd.ts";
import type { Credential, Offering } from "../offering/offering.ts";
import { known } from "../state/known.ts";
import { wholeTokens } from "../tokens/output-tokens.ts";
import { emptyUsage } from "../usage/usage.ts";
import type { CandidateException, CandidateNumbers } from "./candidate-numbers.ts";
import type { CacheDirective, Candidate, Expected } from "./decision.ts";

// Places of one candidate's numbers.
export const LISTED_ROW = 0;
export const LISTED_SCORE = 1;
export const LISTED_NOW = 2;
export const LISTED_TTFT = 3;
export const LISTED_MS_PER_TOKEN = 4;
export const LISTED_CACHED = 5;
export const LISTED_PLACES = 6;

/** A candidate that works its values out when they are read: nothing in it changes when the state does. */
export class BuiltCandidate implements Candidate {
  /** Its numbers are those of this index. */
  declare readonly listed: CandidateNumbers;
  declare readonly index: number;

  constructor(listed: CandidateNumbers, index: number) {
    this.listed = listed;
    this.index = index;
  }

  get offering(): Offering {
    return known(this.listed.evaluation.state.learned.rows[this.#number(LISTED_ROW)]).offering;
  }

  get credential(): Credential {
    const { accounts } = this.listed.evaluation.plan;
    return (this.#exception ?? known(accounts[this.#number(LISTED_ROW)]?.[0])).credential;
  }

  get score(): number {
    return this.#number(LISTED_SCORE);
  }

  get expected(): Expected {
    const now = this.#number(LISTED_NOW);
    return {
      costUsd: now === Infinity ? null : usdFromPico(now),
      ttftMs: this.#number(LISTED_TTFT),
      throughputTps: 1000 / this.#number(LISTED_MS_PER_TOKEN),
      cachedTokens: this.#number(LISTED_CACHED),
    };
  }

  get resting(): boolean {
    return this.#exception?.resting ?? false;
  }

  get holdPicoUsd(): number | null {
    const { groups, maxOutputTokens, nowMs } = this.listed.evaluation;
    const { price, model, maxOutputTokens: own } = this.offering;
    if (price === null) return null;
    const { prompt, output } = known(groups.find((group) => group.model === model));
    const outputTokens = wholeTokens(output.p95, Math.min(maxOutputTokens, own ?? Infinity));
    const cost = (tokens: Partial<typeof emptyUsage>): number =>
      costOf(price, { ...emptyUsage, ...tokens, outputTokens }, nowMs);
    return Math.max(
      cost({ inputTokens: prompt.tokens }),
      cost({ inputTokens: prompt.tokensHigh }),
      // A provider may bill the whole prompt as a cache write, which can be dearer than plain input.
      cost({ cacheWrite5mTokens: prompt.tokensHigh }),
    );
  }

  get cacheDirective(): CacheDirective | null {
    return this.#exception?.cacheDirective ?? null;
  }

  get #exception(): CandidateException | undefined {
    return this.listed.exceptions?.[this.index];
  }

  #number(place: number): number {
    return this.listed.numbers[this.index * LISTED_PLACES + place] ?? 0;
  }

  /** All values, as plain data. */
  toJSON(): Candidate {
    const { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective } = this;
    return { offering, credential, score, expected, resting, holdPicoUsd, cacheDirective };
  }
}
