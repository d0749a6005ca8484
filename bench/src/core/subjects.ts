import { costOf, createRouterState, decide, explain, observe } from "@pointsman/core";
import type { Decision, RouterState } from "@pointsman/core";
import {
  attemptEvents,
  offeringsOf,
  priceOf,
  randomOf,
  requestsOf,
  startMs,
  usageOf,
} from "./fixtures.ts";
import { columnsOf, floorDecide } from "./floor.ts";
import { plainDecide, plainOfferingsOf } from "./plain-objects.ts";

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

const outputTokens = 500;

/** A state that has seen 32 attempts at every offering. */
const warmState = (candidates: number): RouterState => {
  const offerings = offeringsOf(candidates);
  const state = createRouterState({ offerings });
  const random = randomOf(7);
  for (let round = 0; round < 32; round += 1)
    for (const offering of offerings)
      for (const event of attemptEvents(offering, {
        nowMs: startMs - 320_000 + round * 10_000,
        random,
        warm: true,
      }))
        observe(state, event);
  return state;
};

/** A number that cannot be known without the decision; throws if there is none. */
const digest = ({ candidates, propensity, failure }: Decision): number => {
  if (failure !== null) throw new Error(`nothing was decided: ${failure.message}`);
  return (candidates[0]?.score ?? 0) + candidates.length + propensity;
};

const decideSubject = (candidates: number): Subject => {
  const state = warmState(candidates);
  const requests = requestsOf(candidates);
  let seed = 0;
  return {
    name: "decide",
    loop: (count) => {
      let sum = 0;
      for (let index = 0; index < count; index += 1) {
        const request = requests[index % requests.length];
        if (request === undefined) continue;
        seed = (seed + 1) | 0;
        sum += digest(decide(state, request, { nowMs: startMs + (seed & 1023), seed }));
      }
      return sum;
    },
  };
};

const decideGroup = (candidates: number): SubjectGroup => {
  const columns = columnsOf(offeringsOf(candidates));
  const plain = plainOfferingsOf(columns);
  return {
    name: `decide, ${candidates} candidates`,
    subjects: [
      {
        name: "arithmetic floor",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1)
            sum += floorDecide(columns, 1000 + (index & 63), outputTokens)[0] ?? 0;
          return sum;
        },
      },
      {
        name: "plain objects",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1)
            sum += plainDecide(plain, 1000 + (index & 63), outputTokens)[0]?.index ?? 0;
          return sum;
        },
      },
      decideSubject(candidates),
    ],
  };
};

const explainGroup = (candidates: number): SubjectGroup => {
  const state = warmState(candidates);
  const requests = requestsOf(candidates);
  return {
    name: `explain, ${candidates} candidates`,
    subjects: [
      decideSubject(candidates),
      {
        name: "explain",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1) {
            const request = requests[index % requests.length];
            if (request === undefined) continue;
            sum += digest(explain(state, request, { nowMs: startMs, seed: index }).decision);
          }
          return sum;
        },
      },
    ],
  };
};

/** One operation is one event; starts and ends alternate. */
const observeSubject = (candidates: number): Subject => {
  const offerings = offeringsOf(candidates);
  const state = createRouterState({ offerings });
  const random = randomOf(11);
  const events = Array.from({ length: 512 }, (_, index) => {
    const offering = offerings[index % offerings.length];
    return offering === undefined ? [] : attemptEvents(offering, { nowMs: 0, random });
  }).flat();
  let nowMs = startMs;
  return {
    name: "observe",
    loop: (count) => {
      for (let index = 0; index < count; index += 1) {
        const event = events[index % events.length];
        if (event === undefined) continue;
        nowMs += 10;
        observe(state, { ...event, nowMs });
      }
      return state.version;
    },
  };
};

const costGroup = (): SubjectGroup => {
  const schedule = priceOf(2_500_000, 10_000_000);
  const { rates } = schedule.periods[0];
  const cacheRead = rates.cacheReadPicoUsd ?? 0;
  const usages = Array.from({ length: 64 }, (_, index) => usageOf(2000 + index * 4000, 1024));
  return {
    name: "costOf, one usage",
    subjects: [
      {
        name: "three products",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1) {
            const usage = usages[index & 63];
            if (usage === undefined) continue;
            sum +=
              usage.inputTokens * rates.inputPicoUsd +
              usage.cacheReadTokens * cacheRead +
              (usage.outputTokens + usage.reasoningTokens) * rates.outputPicoUsd;
          }
          return sum;
        },
      },
      {
        name: "costOf",
        loop: (count) => {
          let sum = 0;
          for (let index = 0; index < count; index += 1) {
            const usage = usages[index & 63];
            if (usage !== undefined) sum += costOf(schedule, usage, startMs);
          }
          return sum;
        },
      },
    ],
  };
};

/** Everything the core benchmark times. */
export const subjectGroups = (): readonly SubjectGroup[] => [
  decideGroup(10),
  decideGroup(100),
  decideGroup(1000),
  explainGroup(10),
  { name: "observe, one event", subjects: [observeSubject(10)] },
  costGroup(),
];

/** Whose memory is watched. */
export const heapSubjects = (): readonly Subject[] => [decideSubject(10), observeSubject(10)];
