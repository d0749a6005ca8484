import type { Clock, Timer } from "@pointsman/engine";
import type { LedgerEntry, UsageLedger } from "@pointsman/store";

/** Longest that an entry waits to be written, ms: so much is lost where the process is killed. */
const longestMs = 25;
/** So many are written at once, whatever the time. */
const mostWaiting = 500;

/**
 * Writes entries that nobody waits for, many at a time. Where money is limited entries are written at once,
 * before the answer is handed out: those do not come here.
 */
export class LedgerBuffer {
  readonly #ledger: UsageLedger;
  readonly #timer: Timer;
  readonly #onLost: (error: unknown) => void;
  #waiting: LedgerEntry[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timed = false;

  constructor(ledger: UsageLedger, clock: Clock, onLost: (error: unknown) => void) {
    this.#ledger = ledger;
    this.#onLost = onLost;
    this.#timer = clock.timer(longestMs, () => this.#write());
    this.#timer.cancel();
  }

  add(entry: LedgerEntry): void {
    this.#waiting.push(entry);
    if (this.#waiting.length >= mostWaiting) return this.#write();
    if (this.#timed) return;
    this.#timed = true;
    this.#timer.refresh();
  }

  /** Resolves once what waits is written. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
  }

  async #record(entries: readonly LedgerEntry[], before: Promise<void>): Promise<void> {
    try {
      await this.#ledger.record(entries);
    } catch (error) {
      this.#onLost(error);
    }
    await before;
  }

  #write(): void {
    this.#timer.cancel();
    this.#timed = false;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    this.#writing = this.#record(entries, this.#writing);
  }
}
