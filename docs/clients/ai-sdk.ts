/** The Vercel AI SDK, by the provider of this repository. */
import { createPointsman } from "@pointsman/ai-sdk-provider";
import { generateText, streamText } from "ai";

const pointsman = createPointsman({
  baseURL: process.env["POINTSMAN_BASE_URL"] ?? "",
  apiKey: process.env["POINTSMAN_API_KEY"] ?? "",
});

const { text, providerMetadata } = await generateText({
  model: pointsman("gpt-4o"),
  prompt: "Repeat exactly: The points are set.",
  providerOptions: { pointsman: { gateway: { routing: { optimize: "cost" } } } },
});
console.log(text);
console.log(JSON.stringify(providerMetadata?.["pointsman"]));

const result = streamText({ model: pointsman.responses("gpt-4o"), prompt: "Hello!" });
for await (const delta of result.textStream) process.stdout.write(delta);
console.log("\nok");
