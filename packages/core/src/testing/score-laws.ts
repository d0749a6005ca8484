import { decide } from "../decide/decide.ts";
import { signalOf } from "../health/outcome-signal.ts";
import { completePrior } from "../latency/latency-fit.ts";
import type { Offering } from "../offering/offering.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterEvent } from "../state/router-event.ts";
import type { RouterState } from "../state/router-state.ts";
import { stateOfCase } from "./cases.ts";
import type { ExampleCase } from "./cases.ts";
import { certain, idsOf, withPrices } from "./laws.ts";
import type { Law } from "./laws.ts";

type Offered = { readonly id: string; readonly score: number };

const scoresOf = (
  state: RouterState,
  request: RoutingRequest,
  options: ExampleCase["options"],
): readonly Offered[] =>
  decide(state, request, options).candidates.map(({ offering, score }) => ({
    id: offering.id,
    score,
  }));

/**
 * What is wrong if an offering got better: it must beat whom it beat before, and stay first if it was
 * first. (Behind the first place the order also accounts for shared fate, in which the others' order
 * counts.)
 */
const fell = (id: string, before: readonly Offered[], after: readonly Offered[]): string | null => {
  const ownBefore = before.find((one) => one.id === id);
  const ownAfter = after.find((one) => one.id === id);
  if (ownBefore === undefined) return null;
  if (ownAfter === undefined) return `${id} is gone`;
  if (before[0]?.id === id && after[0]?.id !== id) return `${id} is first no more`;
  const passed = before.find(({ id: other, score }) => {
    const now = after.find((one) => one.id === other);
    return now !== undefined && score <= ownBefore.score && now.score > ownAfter.score + 1e-12;
  });
  return passed === undefined ? null : `${passed.id} passed ${id}`;
};

/** A power of two, so that every number of the faster offering is exactly its share of what it was. */
const FASTER = 0.5;

const faster = (event: RouterEvent, id: string): RouterEvent =>
  event.type === "attempt_ended" && event.offeringId === id && event.outcome === "success"
    ? {
        ...event,
        ttftMs: event.ttftMs === null ? null : event.ttftMs * FASTER,
        totalMs: event.totalMs * FASTER,
      }
    : event;

const prior = completePrior(undefined);
const fasterPrior = {
  ttftMs: prior.ttftMs * FASTER,
  ttftMsPer1kTokens: prior.ttftMsPer1kTokens * FASTER,
  msPerToken: prior.msPerToken * FASTER,
};

/** The attempts of an offering that failed, their starts too, as if they had never been made. */
const withoutFailures = (history: readonly RouterEvent[], id: string): readonly RouterEvent[] =>
  history.filter((event, index) => {
    const end = event.type === "attempt_started" ? history[index + 1] : event;
    return (
      end?.type !== "attempt_ended" || end.offeringId !== id || signalOf(end.outcome) !== "failure"
    );
  });

/** Laws of core's own scores; other scores need not keep them. */
export const scoreLaws: readonly Law[] = [
  {
    name: "a cheaper offering never ranks lower for cost-focus",
    broken: (example) => {
      const request = { ...example.request, strategy: "cost-focus", prefix: [] } as const;
      const place = (offerings: readonly Offering[], id: string): number =>
        idsOf(stateOfCase({ ...example, offerings }, certain), request, example.options).indexOf(
          id,
        );
      for (const { id } of example.offerings) {
        const cheaper = withPrices(example.offerings, (other) => (other.id === id ? 0.5 : 1));
        if (place(cheaper, id) > place(example.offerings, id)) return `${id} fell`;
      }
      return null;
    },
  },
  {
    name: "a faster offering never ranks lower, in any strategy",
    broken: (example) => {
      // Without a prefix: how long ago a prompt was read depends on how long reading it took.
      const plain = { ...example.request, prefix: [] };
      const before = stateOfCase(example, certain);
      for (const { id } of example.offerings) {
        const history = example.history.map((event) => faster(event, id));
        const priors = { latencyPriors: { [id]: fasterPrior } };
        const after = stateOfCase({ ...example, history }, { ...certain, ...priors });
        for (const strategy of [plain.strategy, "ttft-focus", "tps-focus", "balanced"] as const) {
          const request = { ...plain, strategy };
          const wrong = fell(
            id,
            scoresOf(before, request, example.options),
            scoresOf(after, request, example.options),
          );
          if (wrong !== null) return wrong;
        }
        const request = {
          ...plain,
          strategy: "cost-focus",
          valueOfTimeUsdPerSecond: 0.001,
        } as const;
        const wrong = fell(
          id,
          scoresOf(before, request, example.options),
          scoresOf(after, request, example.options),
        );
        if (wrong !== null) return wrong;
      }
      return null;
    },
  },
  {
    name: "a healthier offering never ranks lower",
    broken: (example) => {
      const before = scoresOf(stateOfCase(example, certain), example.request, example.options);
      for (const { id } of example.offerings) {
        const history = withoutFailures(example.history, id);
        const state = stateOfCase({ ...example, history }, certain);
        const wrong = fell(id, before, scoresOf(state, example.request, example.options));
        if (wrong !== null) return wrong;
      }
      return null;
    },
  },
  {
    name: "the order is the same in any currency, the value of time in the same",
    broken: (example) => {
      const factor = 64;
      const dearer = {
        ...example,
        offerings: withPrices(example.offerings, () => factor),
      };
      const orderOf = (of: ExampleCase, valueOfTimeUsdPerSecond: number): string =>
        idsOf(
          stateOfCase(of, certain),
          { ...of.request, valueOfTimeUsdPerSecond },
          of.options,
        ).join(" ");
      const before = orderOf(example, 0.0005);
      const after = orderOf(dearer, 0.0005 * factor);
      return before === after ? null : `${after} is not ${before}`;
    },
  },
];
