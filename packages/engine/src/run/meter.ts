import type { Clock, Timer } from "../clock/clock.ts";
import type { Purse } from "./purse.ts";
import type { Transcript } from "./transcript.ts";

/** What an attempt has set aside, and what its output costs. */
export type MeterTerms = {
  readonly attempt: number;
  /** The prompt at most, pico-USD. */
  readonly promptPicoUsd: number;
  /** A token of output at most, pico-USD. */
  readonly tokenPicoUsd: number;
  readonly heldPicoUsd: number;
  /** Most tokens of output that the provider was allowed. */
  readonly mostTokens: number;
  readonly leaseMs: number;
};

/**
 * What is set aside beyond what has been seen, tokens: a provider goes on while it is asked for more,
 * and until it hears that it is to stop.
 */
export const leadTokens = 256;
/** What is asked for beyond that, tokens, so that it need not be asked for again at once. */
const comfortTokens = 1024;
/** A lease is renewed so many times before it would run out. */
const renewalsPerLease = 3;

/** What a meter has to do with its attempt. */
export interface Metered {
  /** Nothing more is to be read until it is answered whether it can be paid. */
  hold(): void;
  goOn(): void;
  /** What comes cannot be paid. */
  stop(): void;
}

/**
 * Watches what a running attempt costs: sets more aside before it is needed, stops the attempt where
 * there is no more, and renews the lease on what is held. Output counts by an upper bound, its bytes,
 * until the provider has counted it.
 */
export class Meter {
  readonly #purse: Purse;
  readonly #terms: MeterTerms;
  readonly #metered: Metered;
  readonly #renewal: Timer;
  #heldPicoUsd: number;
  /** Bytes on the wire from which on it is looked again. */
  #nextBytes = 0;
  #asking = false;
  #closed = false;

  constructor(purse: Purse, terms: MeterTerms, options: { clock: Clock; metered: Metered }) {
    this.#purse = purse;
    this.#terms = terms;
    this.#metered = options.metered;
    this.#heldPicoUsd = terms.heldPicoUsd;
    const everyMs = Math.max(1, Math.floor(terms.leaseMs / renewalsPerLease));
    this.#renewal = options.clock.timer(everyMs, () => {
      this.#renew();
      this.#renewal.refresh();
    });
  }

  /** The attempt has said more. */
  heard(transcript: Transcript): void {
    if (this.#closed || this.#asking || this.#holdsAll) return;
    // What came over the wire is at least what it says: most looks end here.
    if (transcript.wireBytes < this.#nextBytes) return;
    const seen = transcript.mostTokens();
    const needed = this.#cost(seen + leadTokens);
    if (needed <= this.#heldPicoUsd) {
      const spare = Math.floor(
        (this.#heldPicoUsd - needed) / Math.max(1, this.#terms.tokenPicoUsd),
      );
      this.#nextBytes = transcript.wireBytes + spare + 1;
      return;
    }
    void this.#ask(seen, transcript);
  }

  /** The attempt is over. */
  close(): void {
    this.#closed = true;
    this.#renewal.cancel();
  }

  get #holdsAll(): boolean {
    return this.#heldPicoUsd >= this.#cost(this.#terms.mostTokens);
  }

  #cost(tokens: number): number {
    const { promptPicoUsd, tokenPicoUsd, mostTokens } = this.#terms;
    const cost = promptPicoUsd + Math.min(tokens, mostTokens) * tokenPicoUsd;
    return Math.min(Number.MAX_SAFE_INTEGER, cost);
  }

  async #ask(seen: number, transcript: Transcript): Promise<void> {
    this.#asking = true;
    this.#metered.hold();
    const answer = await this.#purse.extend({
      attempt: this.#terms.attempt,
      leastTotalPicoUsd: this.#cost(seen + leadTokens),
      wantedTotalPicoUsd: this.#cost(2 * seen + leadTokens + comfortTokens),
      leaseMs: this.#terms.leaseMs,
    });
    this.#asking = false;
    if (this.#closed) return;
    if (answer.status === "refused") {
      this.close();
      this.#metered.stop();
      return;
    }
    this.#heldPicoUsd = answer.heldPicoUsd;
    this.#nextBytes = 0;
    this.#metered.goOn();
    this.heard(transcript);
  }

  #renew(): void {
    if (this.#asking || this.#closed) return;
    const { attempt, leaseMs } = this.#terms;
    const same = { leastTotalPicoUsd: 0, wantedTotalPicoUsd: 0 };
    void this.#purse.extend({ attempt, ...same, leaseMs });
  }
}
