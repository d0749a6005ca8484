import type { BudgetStatus } from "@pointsman/store";
import type { GatewayError } from "@pointsman/translate";
import { usdText } from "./usd.ts";

/** A call that a budget cannot pay (docs/contract.md §22). */
export const budgetError = (budget: BudgetStatus, nowMs: number): GatewayError => {
  const { period, scope, limitPicoUsd, spentPicoUsd, heldPicoUsd, windowEndMs } = budget;
  if (scope.type === "credits") {
    return {
      code: "insufficient_quota",
      message: `The credits cannot pay this call: ${usdText(limitPicoUsd - spentPicoUsd)} USD is left.`,
      param: null,
      rateLimitSource: "gateway",
    };
  }
  const retryAfter =
    windowEndMs === null
      ? {}
      : { retryAfterSeconds: Math.max(1, Math.ceil((windowEndMs - nowMs) / 1000)) };
  if (scope.type === "byok") {
    return {
      code: "insufficient_quota",
      message: `The monthly cap of ${usdText(limitPicoUsd)} USD on own provider keys cannot pay this call: ${usdText(spentPicoUsd)} is spent.`,
      param: null,
      rateLimitSource: "gateway",
      ...retryAfter,
    };
  }
  const held = heldPicoUsd > 0n ? `, ${usdText(heldPicoUsd)} is held by calls that run` : "";
  return {
    code: "budget_exhausted",
    message: `The ${period} budget of ${usdText(limitPicoUsd)} USD cannot pay this call: ${usdText(spentPicoUsd)} is spent${held}.`,
    param: null,
    rateLimitSource: "gateway",
    budget: { period, scope: scope.type },
    ...retryAfter,
  };
};
