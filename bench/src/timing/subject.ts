/** Something to time. The loop is its own, so that no call through a shared one is timed. */
export type Subject = {
  readonly name: string;
  /** Runs `count` times and returns a number that depends on every result. */
  readonly loop: (count: number) => number;
};

/** Subjects timed in turn; the first is what the others are multiples of. */
export type SubjectGroup = {
  readonly name: string;
  readonly subjects: readonly [Subject, ...Subject[]];
};
