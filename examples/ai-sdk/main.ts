// Asks for a text, takes the provider away that gave it, and asks again.
import { createRouterState } from "@pointsman/core";
import { offerings } from "../embed/offerings.ts";
import { outage, startTwoProviders } from "../simulated/two-providers.ts";
import { routedText } from "./routed-text.ts";

const { world, accounts } = await startTwoProviders();
const state = createRouterState({ offerings });

const ask = async (prompt: string): Promise<void> => {
  const { answer, attempts, costUsd } = await routedText(state, accounts, prompt);
  console.log(`${attempts.join(", ")}, $${costUsd}\n  ${answer}`);
};

await ask("Repeat exactly: The points are set.");
world.setFault("acme", outage);
await ask("Repeat exactly: The other track is taken.");
await world.close();
