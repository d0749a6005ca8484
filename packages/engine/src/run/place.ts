import type { Candidate, Decision } from "@pointsman/core";
import type { Account, EngineProvider } from "../account/account.ts";

/** Where an attempt goes. */
export type Place = {
  readonly index: number;
  readonly candidate: Candidate;
  readonly provider: EngineProvider;
  readonly account: Account;
};

/** @throws RangeError if the candidate is not one of the decision's, or has no account here */
export const placeOf = (
  decision: Decision,
  index: number,
  providers: ReadonlyMap<string, EngineProvider>,
  ownAccounts: readonly Account[] = [],
): Place => {
  const candidate = decision.candidates[index];
  const provider = candidate && providers.get(candidate.offering.provider);
  const accounts = candidate?.credential.owner === "byok" ? ownAccounts : provider?.accounts;
  const account = accounts?.find(({ credential }) => credential.id === candidate?.credential.id);
  if (candidate === undefined || provider === undefined || account === undefined) {
    throw new RangeError(`candidate ${index} is not one of the decision's, or has no account`);
  }
  return { index, candidate, provider, account };
};
