/** The Anthropic package, only baseURL changed. Its base has no /v1. */
import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: process.env["POINTSMAN_BASE_URL"]?.replace(/\/v1$/u, ""),
  authToken: process.env["POINTSMAN_API_KEY"],
  apiKey: null,
});

const message = await client.messages.create({
  model: "claude-sonnet-4-20250514",
  max_tokens: 200,
  messages: [{ role: "user", content: "Hello!" }],
});
const [block] = message.content;
if (block?.type !== "text") throw new Error("it says something");
console.log(block.text);

// Any model answers, not only Claude.
const stream = client.messages.stream({
  model: "gpt-4o",
  max_tokens: 200,
  messages: [{ role: "user", content: "Hello!" }],
});
const { stop_reason } = await stream.finalMessage();
if (stop_reason !== "end_turn") throw new Error(`it ended by ${stop_reason}`);
console.log("ok");
