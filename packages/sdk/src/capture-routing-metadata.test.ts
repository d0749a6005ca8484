import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { cutAt, streamOf } from "../test/fake-gateway.ts";
import { captureRoutingMetadata } from "./openai.ts";

const metadata = {
  provider: "p0",
  provider_model_id: "Grüße 👋",
  model_canonical: "m",
  routing_strategy: "cost",
  cost: { usd: 0.5 },
};
const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const opening = event({ choices: [{ index: 0, delta: { content: "Hi" } }] });
const closing = `${event({ choices: [], routing_metadata: metadata })}data: [DONE]\n\n`;
const eventStream = "text/event-stream; charset=utf-8";
const json = "application/json; charset=utf-8";

const capture = (body: ReadableStream<Uint8Array> | string, type: string) => {
  const heard: unknown[] = [];
  const captured = captureRoutingMetadata(
    async () => new Response(body, { status: 201, headers: { "content-type": type, "x-a": "1" } }),
    (told) => heard.push(told),
  );
  return { ...captured, heard };
};

test.each([
  [eventStream, opening + closing],
  [json, JSON.stringify({ a: 1, routing_metadata: metadata })],
])("%s: bytes go on unchanged, however they are cut", async (type, text) => {
  const length = new TextEncoder().encode(text).length;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: length }), { maxLength: 6 }), async (places) => {
      const { fetch, last, heard } = capture(streamOf(cutAt(text, places)).body, type);
      const response = await fetch("http://h/v1/x");
      expect([response.status, response.headers.get("x-a")]).toEqual([201, "1"]);
      expect(last()).toBe(null);
      expect(await response.text()).toBe(text);
      expect(last()).toEqual(metadata);
      expect(heard).toEqual([metadata]);
    }),
  );
});

test("nothing is read before it is asked for, and nothing is kept back", async () => {
  const pieces = cutAt(opening + closing, [3, 5]);
  const source = streamOf(pieces);
  const { fetch } = capture(source.body, eventStream);
  const reader = (await fetch("http://h")).body?.getReader();
  expect(source.taken()).toBe(0);
  for (const [index, piece] of pieces.entries()) {
    expect((await reader?.read())?.value).toEqual(piece);
    expect(source.taken()).toBe(index + 1);
  }
});

test("a stream that is left, or breaks off, tells what came", async () => {
  const left = streamOf(cutAt(opening + closing, []), "hang");
  const one = capture(left.body, eventStream);
  const reader = (await one.fetch("http://h")).body?.getReader();
  await reader?.read();
  expect(one.heard).toEqual([]);
  await reader?.cancel();
  expect(left.cancelled()).toBe(true);
  expect(one.heard).toEqual([metadata]);

  const other = capture(streamOf(cutAt(opening, []), "break").body, eventStream);
  const broken = await other.fetch("http://h");
  await expect(broken.text()).rejects.toThrow("terminated");
  expect(other.heard).toEqual([null]);
});

test("the next request forgets", async () => {
  const { fetch, last } = capture(JSON.stringify({ routing_metadata: metadata }), json);
  await (await fetch("http://h")).text();
  expect(last()).toEqual(metadata);
  const asking = fetch("http://h");
  expect(last()).toBe(null);
  await asking;
});

test("an answer without metadata, and one that is neither JSON nor events", async () => {
  for (const text of ["{}", "no JSON", '"routing_metadata"']) {
    const { fetch, heard } = capture(text, json);
    expect(await (await fetch("http://h")).text()).toBe(text);
    expect(heard).toEqual([null]);
  }
  const { fetch, heard } = capture("text", "text/plain");
  expect(await (await fetch("http://h")).text()).toBe("text");
  expect(heard).toEqual([]);
});

test("the answer's address is kept", async () => {
  const answer = Response.json({});
  Object.defineProperty(answer, "url", { value: "http://h/v1/moved" });
  const { fetch } = captureRoutingMetadata(async () => answer);
  expect((await fetch("http://h/v1/x")).url).toBe("http://h/v1/moved");
});

test("a listener that fails does not fail the answer", async () => {
  const thrown: unknown[] = [];
  const queue = globalThis.queueMicrotask;
  vi.stubGlobal("queueMicrotask", (task: () => void) => {
    queue(() => {
      try {
        task();
      } catch (error) {
        thrown.push(error);
      }
    });
  });
  try {
    const text = opening + closing;
    const { fetch, last } = captureRoutingMetadata(
      async () => new Response(text, { headers: { "content-type": eventStream } }),
      () => {
        throw new RangeError("mine");
      },
    );
    expect(await (await fetch("http://h")).text()).toBe(text);
    expect(last()).toEqual(metadata);
    expect(thrown).toEqual([new RangeError("mine")]);
  } finally {
    vi.unstubAllGlobals();
  }
});
