import { OFFERING_MS_PER_TOKEN, numberOf } from "../state/columns.ts";
import { applyFilters, isNonEmpty } from "../constraints/apply-filters.ts";
import { modelParam } from "../constraints/availability.ts";
import type { FilterContext } from "../constraints/filter.ts";
import { accountsOf, allRestingFailure, isUsable, restRejection } from "../health/accounts.ts";
import type { Account } from "../health/accounts.ts";
import { known } from "../state/known.ts";
import type { Track } from "../state/router-state.ts";
import { p50TtftMs } from "./admit.ts";
import type { Rejection } from "./decision.ts";
import type { Evaluation } from "./evaluate.ts";

/** Hears of every offering (credential `null`) or account that is no candidate. */
export type RejectionListener = (
  account: Pick<Account, "track"> & Partial<Account>,
  reason: Rejection,
) => void;

/**
 * Goes through the filters one by one, in words: who is turned away and why, and which filter, if any,
 * left nothing. Says the same as the masks of `evaluate`, and takes its time.
 */
export const explainRejections = (
  { state, request, nowMs, groups }: Evaluation,
  onRejected?: RejectionListener,
): Rejection | null => {
  const { learned } = state;
  const promptAt: FilterContext["promptAt"] = (model) =>
    known(groups.find((group) => group.model === model)).prompt;
  const tracks = groups.flatMap(({ rows }) => Array.from(rows, (row) => known(learned.rows[row])));
  if (!isNonEmpty(tracks)) {
    return {
      code: "model_not_found",
      param: modelParam(request.models),
      message: `Unknown model: ${request.models.join(", ")}.`,
    };
  }
  const { left, failure } = applyFilters(
    tracks,
    {
      request,
      nowMs,
      promptAt,
      ttftMsAt: ({ row, offering }: Track) =>
        p50TtftMs(learned, row, promptAt(offering.model).tokens),
      throughputTpsAt: ({ row }) => 1000 / numberOf(learned.columns, row, OFFERING_MS_PER_TOKEN),
    },
    onRejected && ((track, reason) => onRejected({ track }, reason)),
  );
  if (failure !== null) return failure;
  const { filter } = state.options.plugs;
  const turnedAway = left.filter(({ offering }) => filter?.admits(offering, request) === false);
  for (const track of turnedAway) {
    const reason = filter?.reason(track.offering, request);
    if (reason === undefined) continue;
    onRejected?.({ track }, reason);
    if (turnedAway.length === left.length && track === turnedAway.at(-1)) return reason;
  }
  const admitted = left.filter((track) => !turnedAway.includes(track));
  const accounts = admitted.flatMap((track) =>
    accountsOf(state, request, {
      track,
      nowMs,
      promptTokens: promptAt(track.offering.model).tokens,
    }),
  );
  for (const account of accounts) {
    if (!isUsable(account)) onRejected?.(account, restRejection(account, nowMs));
  }
  return !accounts.some(isUsable) && isNonEmpty(accounts)
    ? allRestingFailure(accounts, nowMs)
    : null;
};

/** Why nothing is left of a request. */
export const failureOf = (evaluation: Evaluation): Rejection =>
  explainRejections(evaluation) ?? {
    code: "no_provider_available",
    param: null,
    message: "No provider can take this now.",
  };
