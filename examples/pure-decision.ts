// A decision is a pure function of what is known, the request, a time and a seed: nothing is called.
import { createRouterState, decide, flatSchedule } from "@pointsman/core";
import { exampleOffering, exampleRequest } from "@pointsman/core/testing";

const acme = flatSchedule({ input: 0.5, output: 1.5 }); // USD per million tokens
const zenith = flatSchedule({
  input: 0.4,
  output: 1.2,
  tiers: [{ abovePromptTokens: 32_000, input: 0.8, output: 2.4 }],
});
const state = createRouterState({
  offerings: [
    exampleOffering("acme", { price: acme }),
    exampleOffering("zenith", { price: zenith }),
  ],
});
for (const tokens of [2_000, 50_000]) {
  const request = exampleRequest(["acme", "zenith"], { prompt: { bytes: tokens * 4, tokens } });
  const { candidates } = decide(state, request, { nowMs: Date.now(), seed: 1 });
  const tracks = candidates.map((c) => `${c.offering.provider} $${c.expected.costUsd?.toFixed(6)}`);
  console.log(`${tokens} prompt tokens: ${tracks.join(", then ")}`);
}
