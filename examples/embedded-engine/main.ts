// Clients of OpenAI and Anthropic that need no gateway: an engine in this process answers them. It calls two
// providers, simulated here, of which one fails in the middle.
import Anthropic from "@anthropic-ai/sdk";
import { offeringsOf } from "@pointsman/catalog";
import { startSimulatedWorld } from "@pointsman/simulator";
import OpenAI from "openai";
import { outage } from "../simulated/two-providers.ts";
import { catalog, createFetch, wanted } from "./create-fetch.ts";

const world = await startSimulatedWorld({
  providers: wanted.map((one) => ({ id: one.id, offerings: offeringsOf(catalog, [one]) })),
  pace: 0,
});
const keys = Object.fromEntries(world.providers.map((provider) => [provider.id, provider]));
let picoUsd = 0;
const { engine, fetch } = createFetch(keys, ({ report }) => {
  picoUsd += report?.costPicoUsd ?? 0;
});

const model = "gpt-oss-120b";
const openai = new OpenAI({ apiKey: "none", baseURL: "http://in-process/v1", fetch });
const ask = async (content: string): Promise<void> => {
  const messages = [{ role: "user" as const, content }];
  const { data, response } = await openai.chat.completions
    .create({ model, messages })
    .withResponse();
  console.log(`${response.headers.get("x-pointsman-provider")}:`, data.choices[0]?.message.content);
};
await ask("Repeat exactly: The points are set.");
world.setFault("deepinfra", outage);
await ask("Repeat exactly: The other track is taken.");

const anthropic = new Anthropic({ apiKey: "none", baseURL: "http://in-process", fetch });
const content = "Repeat exactly: On any line.";
const stream = anthropic.messages.stream({
  model,
  max_tokens: 500,
  messages: [{ role: "user", content }],
});
console.log("streamed:", await stream.finalText());
console.log(`paid: $${(picoUsd / 1e12).toFixed(6)}`);

await engine.close();
await world.close();
