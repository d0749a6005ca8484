import { BLOCK_TOKENS, listedProvider } from "@pointsman/simulator";
import type { ReplayWorld } from "@pointsman/simulator";
import type { Goal, Hello } from "../protocol/messages.ts";

/** The first message: the world without what is hidden from policies. */
export const helloOf = (world: ReplayWorld, goal: Goal): Hello => ({
  type: "hello",
  version: 1,
  goal,
  world: {
    name: world.name,
    model: world.model,
    block_tokens: BLOCK_TOKENS,
    max_attempts: world.max_attempts,
    usd_per_s: world.usd_per_s,
    slo: world.slo,
    providers: world.providers.map(listedProvider),
  },
});
