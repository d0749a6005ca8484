/** A running timer. */
export interface Timer {
  /** Starts its wait again from now, also if it has fired or was cancelled. */
  refresh(): void;
  cancel(): void;
}

/** Time as the engine sees it; tests bring their own. */
export interface Clock {
  /** Unix ms. */
  nowMs(): number;
  /** Ms that never run backwards, with fractions. */
  monotonicMs(): number;
  timer(afterMs: number, fire: () => void): Timer;
}
