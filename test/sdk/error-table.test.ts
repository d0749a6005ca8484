import { Client } from "@pointsman/sdk";
import {
  errorTable,
  isErrorCode,
  renderAnthropicError,
  renderOpenAiError,
} from "@pointsman/translate";
import { describe, expect, test } from "vitest";
import { expectedClass, failureOf } from "./expected-class.ts";

const context = { docsBaseUrl: "http://h", requestId: "req_1" };
const rows = Object.keys(errorTable)
  .filter(isErrorCode)
  .map((code) => ({ code, ...errorTable[code] }));
const answered = rows.filter(({ status }) => status > 0);
const errorOf = (code: (typeof rows)[number]["code"]) => ({
  code,
  message: "m",
  param: "p",
  provider: "openai",
  suggestion: "s",
});

test("there are 63 codes", () => {
  expect(rows).toHaveLength(63);
});

describe.each([
  ["OpenAI's", renderOpenAiError],
  ["Anthropic's", renderAnthropicError],
] as const)("in %s envelope", (_name, render) => {
  test.each(answered)("$status $code", async ({ code, status, type, retryable }) => {
    let asked = 0;
    const client = new Client(
      {
        apiKey: "pk",
        baseUrl: "http://gateway.test",
        fetch: async () => {
          asked += 1;
          const headers = { "x-should-retry": String(retryable) };
          return Response.json(render(errorOf(code), context), { status, headers });
        },
      },
      { random: () => 0, sleep: async () => {} },
    );
    const error = await failureOf(client.me.get());
    expect(error.constructor).toBe(expectedClass(code));
    expect(error).toMatchObject({
      code,
      statusCode: status,
      type,
      param: "p",
      docUrl: `http://h/docs/errors/${code}`,
      provider: "openai",
      suggestion: "s",
    });
    expect(asked).toBe(retryable ? 3 : 1);
  });
});

test.each(rows)("flat, in a stream: $code", async ({ code, type }) => {
  const { error } = renderOpenAiError(errorOf(code), context);
  const event = { ...error, type: "error", sequence_number: 0 };
  const body = `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  const client = new Client({ apiKey: "pk", fetch: async () => new Response(body) });
  const stream = await client.responses.create({ model: "m", input: "hi", stream: true });
  const caught = await failureOf(stream.final());
  expect(caught).toMatchObject({ code, type, statusCode: 200 });
  // In a stream there is no status to tell conflicts and faults of the gateway by.
  const byStatus = errorTable[code].status === 409 || errorTable[code].status === 500;
  if (!byStatus) expect(caught.constructor).toBe(expectedClass(code));
});
