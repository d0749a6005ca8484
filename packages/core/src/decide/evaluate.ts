import { applyFilters } from "../constraints/apply-filters.ts";
import { modelParam } from "../constraints/availability.ts";
import { accountsOf, allRestingFailure, isUsable, restRejection } from "../health/accounts.ts";
import type { Account } from "../health/accounts.ts";
import { expectedLatency } from "../latency/latency-fit.ts";
import type { RoutingRequest } from "../request/routing-request.ts";
import type { RouterState, Track } from "../state/router-state.ts";
import { rank } from "../strategy/rank.ts";
import type { Ranked } from "../strategy/rank.ts";
import { resolveStrategy } from "../strategy/resolve-strategy.ts";
import type { ResolvedStrategy } from "../strategy/resolve-strategy.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { assess } from "./assess.ts";
import type { Assessment } from "./assess.ts";
import type { Rejection } from "./decision.ts";

/** When and with which luck a decision is made. */
export type DecideOptions = {
  /** Unix ms. */
  readonly nowMs: number;
  /** Any whole number; the same one repeats the decision. */
  readonly seed: number;
};

/** One place in the order of trial. */
export type Placed = { readonly account: Account; readonly ranked: Ranked<Assessment> };

/** What `decide` and `explain` both tell of. */
export type Evaluation = {
  readonly strategy: ResolvedStrategy;
  readonly promptAt: (model: string) => PromptEstimate;
  /** In order of trial, not yet cut to length. */
  readonly placed: readonly Placed[];
  readonly failure: Rejection | null;
};

/** Hears of every offering (credential `null`) or account that is no candidate. */
export type RejectionListener = (
  account: Pick<Account, "track"> & Partial<Account>,
  reason: Rejection,
) => void;

const isNonEmpty = <Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] =>
  items.length > 0;

/** Model by model for `fallback`, all together for `pool`. */
const modelGroups = (request: RoutingRequest): readonly ReadonlySet<string>[] =>
  request.mode === "fallback"
    ? [...new Set(request.models)].map((model) => new Set([model]))
    : [new Set(request.models)];

/** How bad a resting breaker is: each failed probe has lengthened its rest. */
const restMsOf = ({ account }: Placed): number => {
  const { breaker } = account.track.health;
  return breaker.state === "closed" ? 0 : breaker.restMs;
};

/** Healthy ones model group by model group, the preferred provider first; then last resorts, least bad first. */
const ordered = (
  request: RoutingRequest,
  ranking: readonly Ranked<Assessment>[],
  accounts: readonly Account[],
): readonly Placed[] => {
  const byTrack = Map.groupBy(accounts, ({ track }) => track);
  const placed = ranking.flatMap((ranked) =>
    (byTrack.get(ranked.item.track) ?? []).map((account): Placed => ({ account, ranked })),
  );
  const isPreferred = ({ account }: Placed): boolean =>
    account.track.offering.provider === request.prefer;
  // Sorting is stable: what compares equal keeps the order of the ranking.
  const grouped = modelGroups(request).flatMap((models) =>
    placed
      .filter(({ account }) => models.has(account.track.offering.model))
      .sort((a, b) => Number(isPreferred(b)) - Number(isPreferred(a))),
  );
  return [
    ...grouped.filter(({ account }) => account.standing === "ready"),
    ...grouped
      .filter(({ account }) => account.standing === "resting")
      .sort((a, b) => restMsOf(a) - restMsOf(b)),
  ];
};

/** The whole of a decision: filters, health, expectations, ranking. Only reads. */
export const evaluate = (
  state: RouterState,
  request: RoutingRequest,
  options: DecideOptions,
  onRejected?: RejectionListener,
): Evaluation => {
  const { nowMs } = options;
  const strategy = resolveStrategy(request);
  const prompts = new Map<string, PromptEstimate>();
  const promptAt = (model: string): PromptEstimate => {
    const known = prompts.get(model) ?? estimatePromptTokens(state, model, request.prompt);
    prompts.set(model, known);
    return known;
  };
  const latencyAt = ({ latency, latencyPrior, offering }: Track) =>
    expectedLatency(latency, latencyPrior, promptAt(offering.model).tokens);
  const failed = (failure: Rejection): Evaluation => ({ strategy, promptAt, placed: [], failure });

  const known = [...new Set(request.models)].flatMap(
    (model) => state.learned.tracksByModel.get(model) ?? [],
  );
  if (!isNonEmpty(known)) {
    return failed({
      code: "model_not_found",
      param: modelParam(request.models),
      message: `Unknown model: ${request.models.join(", ")}.`,
    });
  }
  const { left, failure } = applyFilters(
    known,
    {
      request,
      nowMs,
      promptAt,
      ttftMsAt: (track) => latencyAt(track).ttftMs,
      throughputTpsAt: (track) => 1000 / latencyAt(track).msPerToken,
    },
    onRejected && ((track, reason) => onRejected({ track }, reason)),
  );
  if (failure !== null) return failed(failure);

  const accounts = accountsOf(state, request, { tracks: left, nowMs });
  const usable = accounts.filter(isUsable);
  if (onRejected !== undefined) {
    for (const account of accounts) {
      if (!isUsable(account)) onRejected(account, restRejection(account, nowMs));
    }
  }
  if (!isNonEmpty(usable) && isNonEmpty(accounts)) {
    return failed(allRestingFailure(accounts, nowMs));
  }
  const tracks = [...new Set(usable.map(({ track }) => track))];
  const assessments = tracks.map((track) => assess(track, { state, request, nowMs, promptAt }));
  return {
    strategy,
    promptAt,
    placed: ordered(request, rank(assessments, strategy), usable),
    failure: null,
  };
};
