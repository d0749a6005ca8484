import { describe, expect, test } from "vitest";
import { cutAt, errorOf, fault, streamingClient, streamOf } from "../../test/fake-gateway.ts";
import { APIConnectionError, APIStatusError, RateLimitError } from "../index.ts";
import type { ChatStream, ClientOptions } from "../index.ts";

const metadata = {
  provider: "p0",
  provider_model_id: "m-1",
  model_canonical: "m",
  routing_strategy: "cost",
  cost: { usd: 0.5 },
};
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const head = { id: "c1", object: "chat.completion.chunk", created: 7, model: "m-1" };
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (delta: object, finish: string | null = null): string =>
  data({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] });
const opening = chunk({ role: "assistant", content: "Grüße " });
const told = data({ ...head, choices: [], usage, routing_metadata: metadata });
const whole = [
  ": keep-alive\n\n",
  opening,
  chunk({ content: "👋" }),
  chunk({}, "stop"),
  told,
  "data: [DONE]\n\n",
].join("");

const params = { model: "m", messages: [{ role: "user", content: "hi" }], stream: true } as const;
const open = async (
  source: ReadableStream<Uint8Array> | string,
  options: ClientOptions = {},
): Promise<{ stream: ChatStream; signal: () => AbortSignal | undefined }> => {
  const { client, signal } = streamingClient(source, options);
  return { stream: await client.chat.completions.create(params), signal };
};
const read = async (stream: ChatStream): Promise<string> => {
  let text = "";
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
  return text;
};

test("cut at every byte, a stream says the same", async () => {
  const length = new TextEncoder().encode(whole).length;
  for (let at = 0; at <= length; at += 1) {
    const { stream } = await open(streamOf(cutAt(whole, [at])).body);
    expect(await read(stream)).toBe("Grüße 👋");
    expect(stream.usage).toEqual(usage);
    expect(stream.routing_metadata).toEqual(metadata);
  }
});

test("headers are there at once, usage and metadata when they have come", async () => {
  const { stream } = await open(whole);
  expect(stream.responseHeaders.requestId).toBe("req_1");
  expect([stream.usage, stream.routing_metadata]).toEqual([null, null]);
  await read(stream);
  expect([stream.usage, stream.routing_metadata]).toEqual([usage, metadata]);
});

test("the last metadata that is none does not hide those before", async () => {
  const { stream } = await open(
    [opening, told, data({ ...head, choices: [], routing_metadata: null }), chunk({}, "stop")].join(
      "",
    ),
  );
  await read(stream);
  expect(stream.routing_metadata).toEqual(metadata);
});

test.each([
  ["a finish", [opening, chunk({}, "stop"), told].join("")],
  ["[DONE]", [opening, told, "data: [DONE]\n\n"].join("")],
])("%s alone is an end", async (_name, text) => {
  expect(await read((await open(text)).stream)).toBe("Grüße ");
});

test("a stream that ends before its answer does is a lost connection", async () => {
  for (const text of ["", opening, whole.slice(0, whole.indexOf('"finish_reason":"stop"'))]) {
    const error = await errorOf(read((await open(text)).stream));
    expect(error.constructor).toBe(APIConnectionError);
    expect(error).toMatchObject({ code: "api_connection_error", statusCode: 0 });
  }
});

test("so is one that breaks off, with its cause", async () => {
  const { stream } = await open(streamOf(cutAt(opening, []), "break").body);
  const error = await errorOf(read(stream));
  expect(error.constructor).toBe(APIConnectionError);
  expect(error.cause).toMatchObject({ message: "terminated" });
});

test("an answer that ended, but was not told of, is no whole answer", async () => {
  const { stream } = await open([opening, chunk({}, "stop"), "data: [DONE]\n\n"].join(""));
  expect((await errorOf(stream.final())).constructor).toBe(APIConnectionError);
});

test("an error within is of its class, and of status 200", async () => {
  const { stream } = await open(opening + data(fault("budget_exhausted", "rate_limit_error")));
  const error = await errorOf(read(stream));
  expect(error.constructor).toBe(RateLimitError);
  expect(error).toMatchObject({ statusCode: 200, code: "budget_exhausted", requestId: "req_1" });
});

test.each([["data: {\n\n"], ["data: 7\n\n"], ["data: []\n\n"]])(
  "%j is malformed",
  async (event) => {
    const error = await errorOf(read((await open(opening + event)).stream));
    expect(error.constructor).toBe(APIStatusError);
    expect(error).toMatchObject({ statusCode: 200, code: "malformed_response" });
  },
);

test("a stream is read once", async () => {
  const { stream } = await open(whole);
  await read(stream);
  await expect(read(stream)).rejects.toThrow("A stream can be read once.");
});

describe("what is left ends", () => {
  test("by leaving the loop", async () => {
    const source = streamOf(cutAt(opening, []), "hang");
    const { stream, signal } = await open(source.body);
    for await (const { id } of stream) {
      expect(id).toBe("c1");
      break;
    }
    expect(signal()?.aborted).toBe(true);
    expect(source.cancelled()).toBe(true);
  });

  test("by an error of the reader's own", async () => {
    const { stream, signal } = await open(streamOf(cutAt(opening, []), "hang").body);
    const reading = (async () => {
      for await (const { id } of stream) throw new RangeError(id);
    })();
    await expect(reading).rejects.toThrow(RangeError);
    expect(signal()?.aborted).toBe(true);
  });

  test("by abort, before it is read", async () => {
    const { stream, signal } = await open(whole);
    stream.abort();
    expect(signal()?.aborted).toBe(true);
    await expect(stream.final()).rejects.toMatchObject({ name: "AbortError" });
  });
});

test("no more is taken than is asked for", async () => {
  const source = streamOf(cutAt(opening + opening, [new TextEncoder().encode(opening).length]));
  const { stream } = await open(source.body);
  expect(source.taken()).toBe(0);
  for await (const { id } of stream) {
    expect(id).toBe("c1");
    expect(source.taken()).toBe(1);
    break;
  }
});

test("a stream that has begun in time may take longer than the time limit", async () => {
  const bytes = cutAt(whole, [40]);
  let at = 0;
  const slow = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const piece = bytes[at];
      at += 1;
      if (piece === undefined) controller.close();
      else controller.enqueue(piece);
    },
  });
  const { stream } = await open(slow, { timeout: 20 });
  expect(await read(stream)).toBe("Grüße 👋");
});
