import type { JsonRecord } from "../json/read.ts";
import type { Loss } from "../neutral/loss.ts";
import { effortAdjusted, unsupportedParameter } from "../neutral/losses.ts";
import type { EffortLevel } from "../neutral/reasoning-budget.ts";
import {
  budgetOfEffort,
  defaultBudgetTokens,
  effortOfBudget,
  nearestEffort,
} from "../neutral/reasoning-budget.ts";
import type { NeutralRequest } from "../neutral/request.ts";
import type { MessagesDialect } from "./messages-dialect.ts";
import { ownMaker } from "./slots.ts";

/** What the body says of thinking. */
export type EncodedThinking = {
  readonly fields: { readonly thinking?: JsonRecord; readonly effort?: string };
  /** Sampling parameters are restricted while the model thinks. */
  readonly isOn: boolean;
};

const nothing: EncodedThinking = { fields: {}, isOn: false };

/** https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking: the least budget. */
const LEAST_BUDGET_TOKENS = 1024;

/** Levels above the highest understood become it: `xhigh` is `max` where there is no `xhigh`. */
const levelOf = (
  effort: EffortLevel,
  understood: readonly string[],
  losses: Set<Loss>,
): string | undefined => {
  const word =
    effort === "xhigh" && !understood.includes("xhigh") && understood.includes("max")
      ? "max"
      : nearestEffort(effort, understood);
  if (word !== undefined && word !== effort) losses.add(effortAdjusted(effort, word));
  return word;
};

/**
 * A turn that goes on after a tool's result must begin with the thinking it was made with; calls of
 * other makers have none, so such a turn is finished without thinking.
 */
const continuesForeignTurn = ({ messages }: NeutralRequest): boolean => {
  const at = messages.findLastIndex(({ role }) => role === "assistant");
  const last = messages[at];
  const answered = messages.slice(at + 1).some(({ role }) => role === "tool");
  if (last?.role !== "assistant" || !answered) return false;
  return !last.parts.some(
    (part) =>
      (part.kind === "reasoning" && part.signature !== undefined && part.maker === ownMaker) ||
      (part.kind === "reasoning_redacted" && part.maker === ownMaker),
  );
};

const forcesTool = ({ toolChoice }: NeutralRequest): boolean =>
  toolChoice?.kind === "required" || toolChoice?.kind === "function";

/** `thinking` and `output_config.effort`; what the model cannot do is a loss. */
export const encodeThinking = (
  request: NeutralRequest,
  { thinking, maxOutputTokens }: MessagesDialect,
  cap: number,
  losses: Set<Loss>,
): EncodedThinking => {
  const { reasoningEffort: effort, reasoningBudgetTokens: budget, adaptiveReasoning } = request;
  const wanted = effort !== undefined || budget !== undefined || adaptiveReasoning === true;
  if (!wanted) return nothing;
  if (thinking.by === "nothing") {
    if (effort !== "off") losses.add(unsupportedParameter("reasoning_effort"));
    return nothing;
  }
  if (effort === "off") return { fields: { thinking: { type: "disabled" } }, isOn: false };
  const level = effort ?? (budget === undefined ? undefined : effortOfBudget(budget));
  const word =
    level === undefined || thinking.efforts.length === 0
      ? undefined
      : levelOf(level, thinking.efforts, losses);
  const fields = word === undefined ? {} : { effort: word };
  if (forcesTool(request)) {
    // The API refuses both together, and the caller's choice is the more certain wish.
    losses.add(unsupportedParameter("reasoning_effort"));
    return { fields, isOn: false };
  }
  if (thinking.by === "adaptive") {
    // Asked for by name: later models leave the text out otherwise.
    const display = thinking.hidden === true && !request.excludeReasoning;
    const shown = display ? { display: "summarized" } : {};
    return { fields: { ...fields, thinking: { type: "adaptive", ...shown } }, isOn: true };
  }
  const asked =
    budget ??
    (effort === undefined ? defaultBudgetTokens : budgetOfEffort(effort, maxOutputTokens));
  const tokens = Math.min(Math.max(asked, LEAST_BUDGET_TOKENS), cap - 1);
  if (tokens < LEAST_BUDGET_TOKENS || continuesForeignTurn(request)) {
    losses.add(unsupportedParameter("reasoning_effort"));
    return { fields, isOn: false };
  }
  return {
    fields: { ...fields, thinking: { type: "enabled", budget_tokens: tokens } },
    isOn: true,
  };
};
