/** Whose spending a budget counts, within its workspace. */
export type BudgetScope =
  | { readonly type: "workspace"; readonly includeByok: boolean }
  | { readonly type: "api_key"; readonly keyId: string; readonly includeByok: boolean }
  /** Own-key spending at one provider. */
  | { readonly type: "byok_provider"; readonly provider: string }
  /** Own-key spending at all providers. */
  | { readonly type: "byok" }
  /** Prepaid credits: the limit is what was bought, the period `total`. */
  | { readonly type: "credits" };

/** Who is about to spend, and whose account pays. */
export type Spender = {
  /** `null` = no key of the gateway, e.g. where keys are off. */
  readonly keyId: string | null;
  readonly provider: string;
  /** `true` = the caller's own provider key pays. */
  readonly byok: boolean;
};

/** Whether a budget of the spender's workspace counts what the spender spends. */
export const countsSpending = (scope: BudgetScope, spender: Spender): boolean => {
  switch (scope.type) {
    case "workspace":
      return !spender.byok || scope.includeByok;
    case "api_key":
      return spender.keyId === scope.keyId && (!spender.byok || scope.includeByok);
    case "byok_provider":
      return spender.byok && spender.provider === scope.provider;
    case "byok":
      return spender.byok;
    case "credits":
      break;
  }
  return !spender.byok;
};
