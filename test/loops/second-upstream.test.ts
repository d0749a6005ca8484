import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Served } from "../support/pointsman.ts";
import { serveModels, wireModels } from "../support/wire-world.ts";
import type { WireModel } from "../support/wire-world.ts";
import { chatAgent, messagesAgent, responsesAgent } from "./agents.ts";

const agents = [
  ["openai, chat", chatAgent],
  ["openai, Responses", responsesAgent],
  ["anthropic", messagesAgent],
] as const;

const said = { content: "Grüße from the second signal box 🚂.", reasoning: "First the points." };
const called = {
  toolCalls: [
    { name: "get_weather", arguments: '{"city":"Köln"}' },
    { name: "get_time", arguments: "{}" },
  ],
};

const base: Readonly<Record<WireModel["kind"], string>> = {
  openai: "/v1",
  "openai-compatible": "/v1",
  anthropic: "/v1",
  google: "/v1beta",
};

/** An upstream that nobody here wrote: https://aimock.copilotkit.dev */
describe("through the gateway, aimock's answers reach every client whole", () => {
  const mock = new LLMock({ port: 0, host: "127.0.0.1" });
  let served: Served;

  beforeAll(async () => {
    mock.onMessage("Use the tools", called);
    mock.onMessage("Greet", said);
    await mock.start();
    served = await serveModels(wireModels, (_, kind) => ({
      baseUrl: `${mock.url}${base[kind]}`,
      apiKey: "mock",
    }));
  });
  afterAll(async () => {
    expect(await served.stop()).toBe(0);
    await mock.stop();
  });

  describe.each(wireModels)("$wire", ({ model }) => {
    describe.each([false, true])("streamed: %s", (stream) => {
      test.each(agents)("%s", async (_, createAgent) => {
        const options = { url: served.ready.url, apiKey: "test-key", stream };
        const { text, reasoning } = await createAgent(options).say(model, "Greet");
        expect({ text, reasoning }).toEqual({ text: said.content, reasoning: said.reasoning });
        const { calls } = await createAgent(options).say(model, "Use the tools");
        expect(
          calls.map(({ name, args }) => ({ name, arguments: JSON.stringify(JSON.parse(args)) })),
        ).toEqual(called.toolCalls);
      });
    });
  });
});
