import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWireWorld, wireModels } from "../support/wire-world.ts";
import type { WireModel, WireWorld } from "../support/wire-world.ts";
import { chatAgent, messagesAgent, responsesAgent } from "./agents.ts";
import type { Agent, Step } from "./agents.ts";

const turns = [1, 2, 3, 4, 5];

const agents = [
  ["openai, chat", chatAgent],
  ["openai, Responses", responsesAgent],
  ["anthropic", messagesAgent],
] as const;

let place: WireWorld;
beforeAll(async () => {
  place = await startWireWorld(wireModels);
});
afterAll(async () => {
  expect(await place.served.stop()).toBe(0);
  await place.world.close();
});

/** Every simulated model begins its reasoning so. */
const thought = "The user wants me to think";

/** One user turn: two calls at once, their results, an answer made of them. */
const runTurn = async (agent: Agent, model: string, turn: number): Promise<readonly Step[]> => {
  const asked = await agent.say(
    model,
    `Use get_weather and get_time for stop ${turn} of the line.`,
  );
  expect(asked.calls.map(({ name }) => name)).toEqual(["get_weather", "get_time"]);
  for (const { args } of asked.calls) expect(JSON.parse(args)).toBeTypeOf("object");
  const results = new Map(
    asked.calls.map(({ id, name }) => [id, `${name} says ${turn * 7} for stop ${turn}`]),
  );
  expect(results.size).toBe(2);
  const told = await agent.answer(model, results);
  expect(told.calls).toEqual([]);
  for (const name of ["get_weather", "get_time"]) {
    expect(told.text).toContain(`${name} says ${turn * 7} for stop ${turn}`);
  }
  for (const { text } of [asked, told]) expect(text).not.toContain(thought);
  return [asked, told];
};

/** The proof of authorship that each wire must have got back with the first turn's calls. */
const proofs: Readonly<Record<WireModel["kind"], RegExp | null>> = {
  anthropic: /"type":"thinking","thinking":"The user wants/u,
  google: /"thoughtSignature":"(?!skip)/u,
  openai: /"encrypted_content":"/u,
  "openai-compatible": null,
};

const bodyBefore = (provider: string): string =>
  JSON.stringify(place.world.lastRequests(provider).at(-1)?.body);

describe.each(wireModels)("five turns of tools at a $wire upstream ($model)", (wired) => {
  describe.each([false, true])("streamed: %s", (stream) => {
    test.each(agents)("%s: calls, ids and signatures survive", async (_, createAgent) => {
      const { served } = place;
      const agent = createAgent({ url: served.ready.url, apiKey: "test-key", stream });
      const ids = new Set<string>();
      for (const turn of turns) {
        const steps = await runTurn(agent, wired.model, turn);
        for (const { id } of steps.flatMap(({ calls }) => calls)) ids.add(id);
        // The upstream refuses proofs that were changed; here, that they were there at all.
        const proof = proofs[wired.kind];
        if (proof !== null) expect(bodyBefore(wired.provider)).toMatch(proof);
      }
      expect(ids.size).toBe(2 * turns.length);
    });
  });
});

describe("a conversation that changes vendor every turn", () => {
  describe.each([false, true])("streamed: %s", (stream) => {
    test.each(agents)("%s: goes on as one", async (_, createAgent) => {
      const { served } = place;
      const agent = createAgent({ url: served.ready.url, apiKey: "test-key", stream });
      for (const [at, { model }] of [...wireModels, ...wireModels].entries()) {
        await runTurn(agent, model, at + 1);
      }
    });
  });
});
