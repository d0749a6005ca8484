import type { Candidate } from "@pointsman/core";
import type { Admission } from "./admission.ts";
import type { AttemptEnd, AttemptHandle } from "./attempt.ts";
import type { StreamItem } from "@pointsman/translate";
import type { Meter } from "./meter.ts";
import type { Rescue } from "./rescue.ts";

/** An attempt under way. */
export type Racer = {
  /** Of the decision's candidates. */
  readonly index: number;
  readonly candidate: Candidate;
  /** What it goes on with; `null` = it answers from the beginning. */
  readonly rescue: Rescue | null;
  readonly admission: Admission;
  /** Gives its place at the provider back. */
  readonly release: () => void;
  readonly meter: Meter | null;
  /** What it has said of an answer that is wanted whole, and called as a stream. */
  readonly folded: StreamItem[] | null;
  /** Its meter waits for money. */
  waits: boolean;
  handle: AttemptHandle | undefined;
};

/** The attempts of one run that are under way: one, or two where a hedge runs beside it. */
export class Racers {
  readonly #all = new Set<Racer>();
  #paused = false;

  get size(): number {
    return this.#all.size;
  }

  /** `start` makes its handle; it may already have ended by then. */
  add(racer: Racer, start: () => AttemptHandle): void {
    this.#all.add(racer);
    racer.handle = start();
    if (this.#paused && this.#all.has(racer)) racer.handle.pause();
  }

  /** It has ended; `false` = it was stopped before. */
  remove(racer: Racer): boolean {
    if (!this.#all.delete(racer)) return false;
    racer.meter?.close();
    racer.release();
    return true;
  }

  /** Stops all but `winner` and hands over what is known of each. */
  stop(winner: Racer | null, stopped: (racer: Racer, end: AttemptEnd) => void): void {
    for (const racer of this.#all) {
      if (racer === winner) continue;
      this.remove(racer);
      if (racer.handle !== undefined) stopped(racer, racer.handle.cancel());
    }
  }

  pause(): void {
    this.#paused = true;
    for (const { handle } of this.#all) handle?.pause();
  }

  /** One of them reads nothing more until it is let go on. */
  hold(racer: Racer): void {
    racer.waits = true;
    racer.handle?.pause();
  }

  goOn(racer: Racer): void {
    racer.waits = false;
    if (!this.#paused) racer.handle?.resume();
  }

  resume(): void {
    this.#paused = false;
    for (const { handle, waits } of this.#all) if (!waits) handle?.resume();
  }
}
