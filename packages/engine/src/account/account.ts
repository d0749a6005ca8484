import type { Credential } from "@pointsman/core";
import type { ProviderAdapter } from "@pointsman/provider";
import type { Timeouts } from "../run/timeouts.ts";

/** An account at a provider with its secret. */
export type Account = { readonly credential: Credential; readonly apiKey: string };

/** A provider the engine can call: its adapter, time limits and platform accounts. */
export type EngineProvider = {
  readonly id: string;
  readonly adapter: ProviderAdapter;
  readonly timeouts: Timeouts;
  /** Most calls to it at a time. @default no limit */
  readonly concurrency?: number;
  readonly accounts: readonly Account[];
};
