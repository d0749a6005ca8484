import { startSimulatedWorld } from "@pointsman/simulator";
import type { SimulatedWorld } from "@pointsman/simulator";
import type { Accounts } from "../embed/answer-chat.ts";
import { offerings } from "../embed/offerings.ts";

/** The two providers of the examples, simulated on this machine, so that they run without keys. */
export const startTwoProviders = async (): Promise<{
  readonly world: SimulatedWorld;
  readonly accounts: Accounts;
}> => {
  const world = await startSimulatedWorld({
    providers: ["acme", "zenith"].map((id) => ({
      id,
      offerings: offerings.filter(({ provider }) => provider === id),
    })),
    pace: 0,
  });
  return {
    world,
    accounts: Object.fromEntries(world.providers.map((provider) => [provider.id, provider])),
  };
};

/** A provider that answers everything with 500. */
export const outage = { kind: "status", status: 500 } as const;
