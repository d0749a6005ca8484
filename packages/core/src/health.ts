/** What is known of how offerings are doing, for people and monitors. */
export { DESCRIBED_PROMPT_TOKENS, describeHealth } from "./health/describe-health.ts";
export type { DescribedHealth } from "./health/describe-health.ts";
export { knownRests } from "./health/known-rests.ts";
export type { KnownRest } from "./health/known-rests.ts";
