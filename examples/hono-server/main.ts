// Serves the app on a free port, before two simulated providers, and asks it a few things.
import { serve } from "@hono/node-server";
import { outage, startTwoProviders } from "../simulated/two-providers.ts";
import { createApp } from "./app.ts";

const { world, accounts } = await startTwoProviders();
const app = createApp(accounts);
const { server, port } = await new Promise<{
  readonly server: ReturnType<typeof serve>;
  readonly port: number;
}>((resolve) => {
  const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, (info) => {
    resolve({ server: started, port: info.port });
  });
});

const ask = async (content: string): Promise<void> => {
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "small-chat", messages: [{ role: "user", content }] }),
  });
  const { headers } = response;
  console.log(response.status, headers.get("x-attempts"), `$${headers.get("x-cost-usd")}`);
  // OpenAI's wire.
  const reply = (await response.json()) as { choices: { message: { content: string } }[] };
  console.log(`  ${reply.choices[0]?.message.content}`);
};

await ask("Repeat exactly: The points are set.");
world.setFault("acme", outage);
await ask("Repeat exactly: The other track is taken.");

await new Promise((resolve) => server.close(resolve));
await world.close();
