import type { RoutingRequest } from "@pointsman/core";
import type { Account } from "../account/account.ts";
import type { CallerRequest, Loss } from "@pointsman/translate";
import type { RunConduct } from "./conduct.ts";
import type { Purse } from "./purse.ts";

/** One request, ready to be decided and run. */
export type RunRequest = {
  readonly caller: CallerRequest;
  readonly routing: RoutingRequest;
  /** Caller's limit of one attempt, ms; `null` = the provider's. */
  readonly timeoutMs: number | null;
  /** Caller's limit of the whole request, ms from receipt; `null` = none. */
  readonly deadlineMs: number | null;
  /** What is done where something goes wrong in the middle. @default `defaultConduct` */
  readonly conduct?: RunConduct;
  /** Accounts of the caller's own, which `routing.credentials` names beside the platform's. @default none */
  readonly ownAccounts?: readonly Account[];
  /** Whether the report is to say why the decision fell as it did. @default false */
  readonly explain?: boolean;
  /** Where its money comes from. @default nothing limits it, and nobody keeps account */
  readonly purse?: Purse;
  /** When the request was received, on the clock's monotonic time. */
  readonly receivedAtMs: number;
  /** What planning had to leave out. */
  readonly losses: readonly Loss[];
};
