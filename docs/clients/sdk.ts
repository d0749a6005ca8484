/** The client of this repository. */
import { Client, Optimize } from "@pointsman/sdk";

const client = new Client();
const answer = await client.chat.completions.create({
  model: "gpt-4o",
  messages: [{ role: "user", content: "Repeat exactly: The points are set." }],
  gateway: { routing: { optimize: Optimize.COST } },
});
console.log(answer.choices[0]?.message.content);
console.log(answer.routing_metadata.provider, answer.routing_metadata.cost.usd);

const { candidates } = await client.route.decide({
  model: "gpt-4o",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(candidates.map(({ provider }) => provider).join(", "));
console.log("ok");
