// Calls the Worker's handler as its host would, before two simulated providers: a conversation of three turns.
import { startTwoProviders } from "../simulated/two-providers.ts";
import worker from "./worker.ts";

const { world, accounts } = await startTwoProviders();
const env = {
  ACME_URL: accounts["acme"]?.baseUrl ?? "",
  ACME_KEY: accounts["acme"]?.apiKey ?? "",
  ZENITH_URL: accounts["zenith"]?.baseUrl ?? "",
  ZENITH_KEY: accounts["zenith"]?.apiKey ?? "",
};

const rules = "Answer in one sentence, and say when you do not know. ".repeat(60);
const messages = [{ role: "system", content: rules }];
for (const question of ["What is a siding?", "And a turntable?", "And a pointsman?"]) {
  messages.push({ role: "user", content: question });
  const request = new Request("https://worker.example/v1/chat/completions", {
    method: "POST",
    body: JSON.stringify({ model: "small-chat", messages }),
  });
  const response = await worker.fetch(request, env);
  // OpenAI's wire.
  const reply = (await response.json()) as {
    choices: { message: { role: string; content: string } }[];
    usage: { prompt_tokens: number; prompt_tokens_details: { cached_tokens: number } };
  };
  const { prompt_tokens: prompt, prompt_tokens_details: details } = reply.usage;
  const cost = response.headers.get("x-cost-usd");
  const provider = response.headers.get("x-provider");
  console.log(
    `${provider}: ${details.cached_tokens} of ${prompt} prompt tokens from its cache, $${cost}`,
  );
  messages.push(...reply.choices.map(({ message }) => message));
}

const lost = await worker.fetch(new Request("https://worker.example/"), env);
console.log(`GET /: ${lost.status}`);
await world.close();
