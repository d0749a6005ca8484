/** The openai package, only baseURL changed. */
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env["POINTSMAN_BASE_URL"],
  apiKey: process.env["POINTSMAN_API_KEY"],
});

const answer = await client.chat.completions.create({
  model: "gpt-4o",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(answer.choices[0]?.message.content);

// The same client asks for a model of another vendor.
const other = await client.chat.completions.create({
  model: "claude-sonnet-4-20250514",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(other.choices[0]?.message.content);

const stream = await client.responses.create({ model: "gpt-4o", input: "Hello!", stream: true });
let text = "";
for await (const event of stream) {
  if (event.type === "response.output_text.delta") text += event.delta;
}
if (text === "") throw new Error("a stream says something");
console.log("ok");
