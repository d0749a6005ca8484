import type { Offering } from "@pointsman/core";
import type { PrefixCache } from "../cache/prefix-cache.ts";
import type { FaultQueue } from "../fault.ts";
import type { Ledger } from "../invoice/invoice.ts";
import type { LatencyProfile } from "../latency-profile.ts";
import type { Journal } from "./journal.ts";
import type { Vendor } from "./vendor.ts";

/** What the endpoints of one provider work with. */
export type ProviderContext = {
  readonly id: string;
  readonly vendor: Vendor;
  readonly apiKeys: readonly string[];
  readonly offerings: readonly Offering[];
  readonly latency: LatencyProfile;
  readonly pace: number;
  readonly seed: number;
  /** Unix ms. */
  readonly now: () => number;
  readonly faults: FaultQueue;
  readonly cache: PrefixCache;
  readonly ledger: Ledger;
  readonly journal: Journal;
};
