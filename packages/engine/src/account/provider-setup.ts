import type { AdapterFactory, ProviderAdapter } from "@pointsman/provider";
import { defaultTimeouts } from "../run/timeouts.ts";
import type { Timeouts } from "../run/timeouts.ts";
import type { Account, EngineProvider } from "./account.ts";

/** A provider as an engine is given it: its keys, and what of it is not as usual. */
export type ProviderSetup = {
  /** As offerings name it. */
  readonly id: string;
  /** What makes its adapter, or the adapter itself; the engine closes it. */
  readonly adapter: AdapterFactory | ProviderAdapter;
  /**
   * Keys at it, one an account; an absent one is no account, and one without letters is for a server that
   * wants none. @default no key
   */
  readonly apiKeys?: readonly (string | undefined)[];
  /** Accounts beside those of `apiKeys`. @default none */
  readonly accounts?: readonly Account[];
  /** Version included, no slash at the end, for a factory. @default the vendor's */
  readonly baseUrl?: string | null;
  /** Name of a data preset, for a factory. @default that of the provider's name */
  readonly preset?: string | null;
  /** @default `defaultTimeouts`, each */
  readonly timeouts?: Partial<Timeouts>;
  /** Most calls to it at a time. @default no limit */
  readonly concurrency?: number;
};

const accountsOf = ({ id, apiKeys = [], accounts = [] }: ProviderSetup): readonly Account[] => [
  ...accounts,
  ...apiKeys.flatMap((apiKey, index): Account[] =>
    apiKey === undefined
      ? []
      : [{ credential: { id: `${id}:${index}`, provider: id, owner: "platform" }, apiKey }],
  ),
];

/**
 * A provider with its adapter made and everything said; one that is whole stays as it is.
 *
 * @throws AdapterOptionsError if the factory cannot make an adapter of it
 */
export const completeProvider = (setup: ProviderSetup): EngineProvider => {
  const { id, adapter, concurrency } = setup;
  const timeouts = { ...defaultTimeouts, ...setup.timeouts };
  return {
    id,
    adapter:
      typeof adapter === "function"
        ? adapter({
            provider: id,
            baseUrl: setup.baseUrl ?? null,
            preset: setup.preset ?? null,
            connectMs: timeouts.connectMs,
          })
        : adapter,
    timeouts,
    ...(concurrency === undefined ? {} : { concurrency }),
    accounts: accountsOf(setup),
  };
};
