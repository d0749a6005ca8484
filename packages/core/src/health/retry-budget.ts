export type RetryOptions = {
  /** Share of requests that may be retried on the same offering. @default 0.1 */
  readonly budgetShare?: number;
  /** Retries that may be saved up, and that are there at the start. @default 10 */
  readonly burst?: number;
};

/** Token bucket of same-offering retries: requests fill it, retries empty it. */
export type RetryBudget = { retries: number };

export const completeRetryOptions = (
  options: RetryOptions | undefined,
): Required<RetryOptions> => ({
  budgetShare: options?.budgetShare ?? 0.1,
  burst: options?.burst ?? 10,
});

export const depositRequest = (budget: RetryBudget, options: Required<RetryOptions>): void => {
  budget.retries = Math.min(options.burst, budget.retries + options.budgetShare);
};

export const spendRetry = (budget: RetryBudget): void => {
  budget.retries = Math.max(0, budget.retries - 1);
};

/** Sums of shares are not exact in floating point: ten times 0.1 must pay for one retry. */
export const canRetry = (budget: RetryBudget): boolean => budget.retries >= 1 - 1e-9;
