import { OFFERING_MS_PER_TOKEN, numberOf } from "../state/columns.ts";
import { applyFilters } from "../constraints/apply-filters.ts";
import { modelParam } from "../constraints/availability.ts";
import type { FilterContext } from "../constraints/filter.ts";
import { accountsOf, allRestingFailure, isUsable, restRejection } from "../health/accounts.ts";
import type { Account } from "../health/accounts.ts";
import type { Track } from "../state/router-state.ts";
import { estimatePromptTokens } from "../tokens/prompt-tokens.ts";
import type { PromptEstimate } from "../tokens/prompt-tokens.ts";
import { p50TtftMs } from "./admit.ts";
import type { Rejection } from "./decision.ts";
import type { Evaluation } from "./evaluate.ts";

/** Hears of every offering (credential `null`) or account that is no candidate. */
export type RejectionListener = (
  account: Pick<Account, "track"> & Partial<Account>,
  reason: Rejection,
) => void;

const isNonEmpty = <Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] =>
  items.length > 0;

/**
 * Goes through the filters one by one, in words: who is turned away and why, and which filter, if any,
 * left nothing. Says the same as the masks of `evaluate`, and takes its time.
 */
export const explainRejections = (
  { state, request, nowMs }: Evaluation,
  onRejected?: RejectionListener,
): Rejection | null => {
  const { learned } = state;
  const prompts = new Map<string, PromptEstimate>();
  const promptAt: FilterContext["promptAt"] = (model) => {
    const prompt = prompts.get(model) ?? estimatePromptTokens(state, model, request.prompt);
    prompts.set(model, prompt);
    return prompt;
  };
  const known = [...new Set(request.models)].flatMap((model) =>
    Array.from(learned.rowsByModel.get(model) ?? []).flatMap((row) => learned.rows[row] ?? []),
  );
  if (!isNonEmpty(known)) {
    return {
      code: "model_not_found",
      param: modelParam(request.models),
      message: `Unknown model: ${request.models.join(", ")}.`,
    };
  }
  const { left, failure } = applyFilters(
    known,
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
      tracks: [track],
      nowMs,
      promptTokens: promptAt(track.offering.model).tokens,
    }),
  );
  if (onRejected !== undefined) {
    for (const account of accounts) {
      if (!isUsable(account)) onRejected(account, restRejection(account, nowMs));
    }
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
