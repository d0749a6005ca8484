import { Bench } from "tinybench";
import type { Subject, SubjectGroup } from "./subject.ts";

/** Nanoseconds per operation, one value per round, in the order of the group's subjects. */
export type GroupTimes = readonly (readonly number[])[];

export type TimeOptions = {
  readonly rounds: number;
  /** Time of each subject in each round. */
  readonly seconds: number;
};

/** Every result ends up here, so that no subject's work can be left out by the compiler. */
let sink = 0;

/** Read after the last round. */
export const consumed = (): number => sink;

/** How many operations take about 100 µs, against which a timer's own cost is nothing. */
const batchOf = ({ loop }: Subject): number => {
  for (let count = 1; ; count *= 2) {
    const startedAt = performance.now();
    sink += loop(count);
    if (performance.now() - startedAt > 0.1 || count >= 2 ** 20) return count;
  }
};

const timeRound = async (
  subjects: readonly (readonly [Subject, number])[],
  options: { readonly timeMs: number; readonly warmup: boolean },
): Promise<ReadonlyMap<string, number>> => {
  const bench = new Bench({
    time: options.timeMs,
    iterations: 1,
    warmup: options.warmup,
    warmupTime: options.timeMs,
    throws: true,
  });
  for (const [{ name, loop }, batch] of subjects)
    bench.add(name, () => {
      sink += loop(batch);
    });
  await bench.run();
  return new Map(
    subjects.map(([{ name }, batch]) => {
      const result = bench.getTask(name)?.result;
      if (result === undefined || !("latency" in result)) throw new Error(`${name} did not run`);
      // The mean, not the median: collecting its garbage is part of what a subject costs.
      return [name, (result.latency.mean * 1e6) / batch];
    }),
  );
};

/** Times the subjects of a group round by round, turning their order round every time. */
export const timeGroup = async (
  { subjects }: SubjectGroup,
  { rounds, seconds }: TimeOptions,
): Promise<GroupTimes> => {
  // Twice: the first measures code that is not compiled yet.
  for (const subject of subjects) batchOf(subject);
  const batched = subjects.map((subject) => [subject, batchOf(subject)] as const);
  const times = subjects.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? batched : batched.toReversed();
    const measured = await timeRound(order, { timeMs: seconds * 1000, warmup: round === 0 });
    for (const [index, { name }] of subjects.entries())
      times[index]?.push(measured.get(name) ?? Number.NaN);
  }
  return times;
};
