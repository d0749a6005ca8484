export { startSimulatedWorld } from "./world.ts";
export { defaultLatencyProfile } from "./latency-profile.ts";
export { countTokens, tokensOf } from "./tokens/tokenize.ts";
export { createMinHeap } from "./virtual/min-heap.ts";
export { priceOf, scheduleOf } from "./virtual/price-of.ts";
export { readableTokens, writtenTokensOf } from "./virtual/prompt-cache.ts";
export { BLOCK_TOKENS } from "./virtual/virtual-request.ts";
export { createVirtualWorld } from "./virtual/virtual-world.ts";
export { listedProvider, listedProviderSchema, parseWorld } from "./virtual/world-file.ts";
export type {
  SimulatedProvider,
  SimulatedProviderSpec,
  SimulatedWorld,
  SimulatedWorldOptions,
} from "./world.ts";
export type { SimulatedFault } from "./fault.ts";
export type { Invoice } from "./invoice/invoice.ts";
export type { LatencyProfile } from "./latency-profile.ts";
export type { VendorKind } from "./http/vendor.ts";
export type { JournalEntry } from "./http/journal.ts";
export type { Json, JsonObject } from "./model/json.ts";
export type { MinHeap } from "./virtual/min-heap.ts";
export type {
  Breakpoint,
  PromptShares,
  VirtualAttempt,
  VirtualErrorKind,
  VirtualOutcome,
  VirtualRequest,
} from "./virtual/virtual-request.ts";
export type { VirtualWorld } from "./virtual/virtual-world.ts";
export type { ListedProvider, ReplayWorld, WorldProvider } from "./virtual/world-file.ts";
