export { startSimulatedWorld } from "./world.ts";
export { defaultLatencyProfile } from "./latency-profile.ts";
export { countTokens, tokensOf } from "./tokens/tokenize.ts";
export type {
  SimulatedProvider,
  SimulatedProviderSpec,
  SimulatedWorld,
  SimulatedWorldOptions,
} from "./world.ts";
export type { SimulatedFault } from "./fault.ts";
export type { Invoice } from "./invoice/invoice.ts";
export type { LatencyProfile } from "./latency-profile.ts";
export type { JournalEntry } from "./http/journal.ts";
export type { Json, JsonObject } from "./model/json.ts";
