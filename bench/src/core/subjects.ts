import { costOf, createRouterState, explain, observe } from "@pointsman/core";
import { decideSubject, digest, warmState } from "./decide-subject.ts";
import { promptGroup } from "./prompt-group.ts";
import { catalogueGroup, prefixGroup } from "./scale-groups.ts";
import type { Subject, SubjectGroup } from "../timing/subject.ts";
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

const outputTokens = 500;

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
      decideSubject("decide", warmState(candidates), requestsOf(candidates)),
    ],
  };
};

const explainGroup = (candidates: number): SubjectGroup => {
  const state = warmState(candidates);
  const requests = requestsOf(candidates);
  return {
    name: `explain, ${candidates} candidates`,
    subjects: [
      decideSubject("decide", warmState(candidates), requestsOf(candidates)),
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
  catalogueGroup(),
  prefixGroup(),
  explainGroup(10),
  { name: "observe, one event", subjects: [observeSubject(10)] },
  costGroup(),
  promptGroup(),
];

/** Whose memory is watched. */
export const heapSubjects = (): readonly Subject[] => [
  decideSubject("decide", warmState(10), requestsOf(10)),
  observeSubject(10),
];
