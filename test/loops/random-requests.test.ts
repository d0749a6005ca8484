import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWireWorld, wireModels } from "../support/wire-world.ts";
import type { WireWorld } from "../support/wire-world.ts";
import { typeFaults } from "./request-types.ts";

/**
 * Valid requests of every surface, with all a surface knows, at upstreams that hold their vendors' rules:
 * none may be refused as malformed.
 */
let place: WireWorld;
beforeAll(async () => {
  place = await startWireWorld(wireModels);
});
afterAll(async () => {
  expect(await place.served.stop()).toBe(0);
  await place.world.close();
});

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom("", " ", "\n", "Which way?", "JSON, please.", "x".repeat(3000)),
);
const png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
const names = ["get_weather", "get-time", "set_points_9"] as const;
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const schema = fc.constantFrom(
  { type: "object", properties: {} },
  { type: "object", properties: { city: { type: ["string", "null"] } }, required: ["city"] },
  {
    type: "object",
    properties: { n: { type: "integer", minimum: 1 }, kind: { enum: ["a", "b"] } },
    required: ["n", "kind"],
    additionalProperties: false,
  },
);
const toolNames = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
const effort = fc.constantFrom("low", "medium", "high");

/** A turn of the user, perhaps with calls after it and their results. */
const turn = fc.record({
  says: text,
  image: fc.boolean(),
  answers: text,
  calls: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
  result: text,
});
type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Turn = ValueOf<typeof turn>;

const conversation = fc.record({
  system: optional(text),
  turns: fc.array(turn, { maxLength: 3 }),
  last: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((s) => s.trim() !== ""),
  tools: optional(toolNames),
  parameters: schema,
  choice: optional(fc.constantFrom("auto", "required", "none", "named")),
  parallel: optional(fc.boolean()),
  temperature: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  topP: optional(fc.double({ min: 0.01, max: 1, noNaN: true })),
  maxTokens: optional(fc.integer({ min: 16, max: 6000 })),
  effort: optional(effort),
  format: optional(fc.constantFrom("json_object", "json_schema")),
  stop: optional(fc.array(fc.constantFrom("END", "\n\n", "stop"), { minLength: 1, maxLength: 3 })),
  stream: fc.boolean(),
});
type Conversation = ValueOf<typeof conversation>;

/** Earlier calls need their tools. */
const toolsOf = ({ tools, turns }: Conversation): readonly string[] | undefined => {
  const called = turns.flatMap(({ calls }) => calls);
  return tools === undefined && called.length === 0
    ? undefined
    : [...new Set([...(tools ?? []), ...called])];
};

const json = JSON.stringify;
const callId = (turnAt: number, at: number): string => `call_${turnAt}_${at}`;
/** Models that think take no forced call; the gateway may not change that either. */
const choiceOf = ({ choice, effort: asked }: Conversation): string | undefined =>
  asked !== undefined && (choice === "required" || choice === "named") ? "auto" : choice;

const chatBody = (one: Conversation, model: string): object => {
  const tools = toolsOf(one);
  const choice = tools === undefined ? undefined : choiceOf(one);
  const imageOf = ({ image, says }: Turn): unknown =>
    image
      ? [
          { type: "text", text: says },
          { type: "image_url", image_url: { url: png } },
        ]
      : says;
  return {
    model,
    stream: one.stream,
    messages: [
      ...(one.system === undefined ? [] : [{ role: "system", content: one.system }]),
      ...one.turns.flatMap((said, turnAt) => [
        { role: "user", content: imageOf(said) },
        {
          role: "assistant",
          content: said.answers,
          ...(said.calls.length === 0
            ? {}
            : {
                tool_calls: said.calls.map((name, at) => ({
                  id: callId(turnAt, at),
                  type: "function",
                  function: { name, arguments: at === 0 ? "{}" : '{"n":1}' },
                })),
              }),
        },
        ...said.calls.map((_, at) => ({
          role: "tool",
          tool_call_id: callId(turnAt, at),
          content: said.result,
        })),
      ]),
      { role: "user", content: one.last },
    ],
    tools: tools?.map((name) => ({
      type: "function",
      function: { name, parameters: one.parameters },
    })),
    tool_choice: choice === "named" ? { type: "function", function: { name: tools?.[0] } } : choice,
    parallel_tool_calls: tools === undefined ? undefined : one.parallel,
    temperature: one.temperature,
    top_p: one.topP,
    max_tokens: one.maxTokens,
    reasoning_effort: one.effort,
    stop: one.stop,
    response_format:
      one.format === "json_schema"
        ? { type: "json_schema", json_schema: { name: "answer", schema: one.parameters } }
        : undefined,
  };
};

const responsesBody = (one: Conversation, model: string): object => {
  const tools = toolsOf(one);
  const choice = tools === undefined ? undefined : choiceOf(one);
  const message = (role: string, said: string) => ({ role, content: said });
  return {
    model,
    stream: one.stream,
    instructions: one.system,
    input: [
      ...one.turns.flatMap((said, turnAt) => [
        said.image
          ? {
              role: "user",
              content: [
                { type: "input_text", text: said.says },
                { type: "input_image", image_url: png, detail: "auto" },
              ],
            }
          : message("user", said.says),
        message("assistant", said.answers),
        ...said.calls.map((name, at) => ({
          type: "function_call",
          call_id: callId(turnAt, at),
          name,
          arguments: "{}",
        })),
        ...said.calls.map((_, at) => ({
          type: "function_call_output",
          call_id: callId(turnAt, at),
          output: said.result,
        })),
      ]),
      message("user", one.last),
    ],
    tools: tools?.map((name) => ({
      type: "function",
      name,
      parameters: one.parameters,
      strict: false,
    })),
    tool_choice: choice === "named" ? { type: "function", name: tools?.[0] } : choice,
    parallel_tool_calls: one.parallel,
    temperature: one.temperature,
    top_p: one.topP,
    max_output_tokens: one.maxTokens,
    reasoning: one.effort === undefined ? undefined : { effort: one.effort },
    text:
      one.format === "json_schema"
        ? { format: { type: "json_schema", name: "answer", schema: one.parameters } }
        : undefined,
  };
};

const messagesBody = (one: Conversation, model: string): object => {
  const tools = toolsOf(one);
  const choice = tools === undefined ? undefined : choiceOf(one);
  const filled = (said: string): string => (said.trim() === "" ? "…" : said);
  const types: Readonly<Record<string, string>> = { required: "any", named: "tool" };
  const thinks = one.effort !== undefined;
  return {
    model,
    stream: one.stream,
    max_tokens: Math.max(one.maxTokens ?? 4000, thinks ? 3000 : 1),
    system: one.system === undefined || one.system === "" ? undefined : one.system,
    messages: [
      ...one.turns.flatMap((said, turnAt) => [
        {
          role: "user",
          content: [
            { type: "text", text: filled(said.says) },
            ...(said.image
              ? [
                  {
                    type: "image",
                    source: { type: "base64", media_type: "image/png", data: png.slice(22) },
                  },
                ]
              : []),
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "text", text: filled(said.answers) },
            ...said.calls.map((name, at) => ({
              type: "tool_use",
              id: callId(turnAt, at),
              name,
              input: {},
            })),
          ],
        },
        ...(said.calls.length === 0
          ? []
          : [
              {
                role: "user",
                content: said.calls.map((_, at) => ({
                  type: "tool_result",
                  tool_use_id: callId(turnAt, at),
                  content: said.result,
                })),
              },
              { role: "assistant", content: "Noted." },
            ]),
      ]),
      { role: "user", content: one.last },
    ],
    tools: tools?.map((name) => ({ name, input_schema: one.parameters })),
    tool_choice:
      choice === undefined
        ? undefined
        : {
            type: types[choice] ?? choice,
            ...(choice === "named" ? { name: tools?.[0] } : {}),
          },
    temperature: thinks ? undefined : one.temperature,
    top_p: thinks ? undefined : one.topP,
    stop_sequences: one.stop?.filter((sequence) => sequence.trim() !== ""),
    thinking: thinks ? { type: "enabled", budget_tokens: 2048 } : undefined,
  };
};

const surfaces = [
  ["chat", "/chat/completions", chatBody],
  ["Responses", "/responses", responsesBody],
  ["Messages", "/messages", messagesBody],
] as const;

const runs = { numRuns: 40 };

describe.each(surfaces)("from %s", (_, path, bodyOf) => {
  test.each(wireModels)("to $wire", async ({ model, provider }) => {
    await fc.assert(
      fc.asyncProperty(conversation, async (drawn) => {
        // DeepSeek's models see nothing, and the gateway says so.
        const blind = drawn.turns.map((said) => ({ ...said, image: false }));
        const one = provider === "deepseek" ? { ...drawn, turns: blind } : drawn;
        const response = await fetch(`${place.served.ready.url}${path}`, {
          method: "POST",
          headers: { authorization: "Bearer test-key", "content-type": "application/json" },
          body: json(bodyOf(one, model)),
        });
        const answer = await response.text();
        expect([response.status, response.ok ? "" : answer]).toEqual([200, ""]);
      }),
      runs,
    );
  });
});

test("what went out is what the vendors' own SDKs could have sent", async () => {
  const sent = place.world.providers.flatMap(({ id }) => place.world.lastRequests(id));
  expect(sent.length).toBeGreaterThan(300);
  expect(await typeFaults(sent)).toBe("");
}, 60_000);
