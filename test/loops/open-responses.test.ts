import { responsesStreamViolations } from "@pointsman/translate/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWireWorld } from "../support/wire-world.ts";
import type { WireModel, WireWorld } from "../support/wire-world.ts";

/**
 * The cases of the Open Responses compliance suite (https://www.openresponses.org) that a gateway
 * without memory can be held to, over each upstream wire, with the fields it looks for.
 */
const models = [
  { wire: "chat", provider: "moonshot", kind: "openai-compatible", model: "kimi-k2.6" },
  { wire: "responses", provider: "openai", kind: "openai", model: "gpt-5.4" },
  { wire: "messages", provider: "anthropic", kind: "anthropic", model: "claude-sonnet-4-6" },
  {
    wire: "generateContent",
    provider: "google_ai_studio",
    kind: "google",
    model: "gemini-2.5-flash",
  },
] as const satisfies readonly WireModel[];

let place: WireWorld;
beforeAll(async () => {
  place = await startWireWorld(models);
});
afterAll(async () => {
  expect(await place.served.stop()).toBe(0);
  await place.world.close();
});

type Response = Readonly<Record<string, unknown>> & {
  readonly output: readonly {
    readonly type: string;
    readonly content?: readonly { readonly type: string; readonly text: string }[];
    readonly name?: string;
    readonly arguments?: string;
  }[];
};

const post = (body: object): ReturnType<typeof fetch> =>
  fetch(`${place.served.ready.url}/responses`, {
    method: "POST",
    headers: { authorization: "Bearer test-key", "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const create = async (body: object): Promise<Response> => {
  const answer = await post(body);
  expect(answer.status).toBe(200);
  // Its members are looked at one by one.
  return (await answer.json()) as Response;
};

const textOf = ({ output }: Response): string =>
  output
    .flatMap(({ content }) => content ?? [])
    .map(({ text }) => text)
    .join("");

/** Always there, as null or default where the request says nothing. */
const alwaysThere = {
  object: "response",
  status: "completed",
  error: null,
  incomplete_details: null,
  previous_response_id: null,
  store: false,
  background: false,
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
  temperature: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  top_logprobs: 0,
  max_tool_calls: null,
  truncation: "disabled",
  text: { format: { type: "text" } },
};

const weather = {
  type: "function",
  name: "get_weather",
  description: "Tells the weather",
  parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const png =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

describe.each(models)("$wire", ({ model }) => {
  test("basic text", async () => {
    const input = [
      { type: "message", role: "user", content: "Repeat exactly: The line is clear." },
    ];
    const response = await create({ model, input });
    expect(response).toMatchObject({
      ...alwaysThere,
      id: expect.stringMatching(/^resp_/u) as string,
      created_at: expect.any(Number) as number,
      completed_at: expect.any(Number) as number,
      output_text: "The line is clear.",
      usage: {
        input_tokens: expect.any(Number) as number,
        output_tokens: expect.any(Number) as number,
        total_tokens: expect.any(Number) as number,
        input_tokens_details: { cached_tokens: expect.any(Number) as number },
        output_tokens_details: { reasoning_tokens: expect.any(Number) as number },
      },
    });
    expect(textOf(response)).toBe("The line is clear.");
  });

  test("streaming", async () => {
    const input = [{ role: "user", content: "Count the trains." }];
    const answer = await post({ model, input, stream: true });
    expect(answer.headers.get("content-type")).toContain("text/event-stream");
    const text = await answer.text();
    expect(responsesStreamViolations(text)).toEqual([]);
    expect(text).toContain("event: response.output_text.delta");
    expect(text).not.toContain("[DONE]");
  });

  test("system prompt, as a message and as instructions", async () => {
    const system = "Answer like a signalman of 1890.";
    const asked = { role: "user", content: "Repeat exactly: Aye." };
    const messages = [{ role: "system", content: system }, asked];
    expect(textOf(await create({ model, input: messages }))).toBe("Aye.");
    const response = await create({ model, instructions: system, input: [asked] });
    expect(response).toMatchObject({ instructions: system });
    const { provider } = (response as unknown as { routing_metadata: { provider: string } })
      .routing_metadata;
    expect(JSON.stringify(place.world.lastRequests(provider).at(-1)?.body)).toContain(system);
  });

  test("tool call", async () => {
    const input = [{ role: "user", content: "Use get_weather for Crewe." }];
    const { output } = await create({ model, input, tools: [weather] });
    const call = output.find(({ type }) => type === "function_call");
    expect(call).toMatchObject({ name: "get_weather", status: "completed" });
    expect(JSON.parse(call?.arguments ?? "")).toMatchObject({ city: expect.any(String) as string });
  });

  test("image input", async () => {
    const content = [
      { type: "input_text", text: "What is on it?" },
      { type: "input_image", image_url: png, detail: "auto" },
    ];
    expect(textOf(await create({ model, input: [{ role: "user", content }] }))).toContain(
      "an image",
    );
  });

  test("multi-turn", async () => {
    const first = { role: "user", content: "Which way to the depot?" };
    const said = await create({ model, input: [first] });
    const input = [first, ...said.output, { role: "user", content: "Repeat exactly: Left." }];
    expect(textOf(await create({ model, input }))).toBe("Left.");
  });

  test("a cut answer says so", async () => {
    const input = [{ role: "user", content: "Write 300 tokens about tunnels." }];
    expect(await create({ model, input, max_output_tokens: 20 })).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });
});

describe("what only one wire carries", () => {
  test.each([
    ["kimi-k2.6", { tools: [{ type: "web_search" }] }, "hosted_tool_not_supported", "tools"],
    [
      "claude-sonnet-4-6",
      { input: [{ type: "mcp_approval_response", approval_request_id: "a", approve: true }] },
      "input_requires_responses_endpoint",
      "input",
    ],
  ])("%s: %j is %s", async (model, more, code, param) => {
    const answer = await post({ model, input: "Hello", ...more });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code, param } });
  });
});
