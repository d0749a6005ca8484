import type { ServerResponse } from "node:http";
import type { StreamItem } from "@pointsman/translate";
import { afterEach, describe, expect, test } from "vitest";
import {
  chunk,
  counts,
  done,
  hello,
  reset,
  role,
  sending,
  stop,
  usage,
  whole,
} from "./test-kit-wire.ts";
import { apiKey, createLoopback, makeCall, run, textOf, until } from "./test-kit.ts";
import type { Listener } from "./test-kit.ts";

const loopback = createLoopback();
afterEach(() => loopback.close());

describe.each(["openai", "generic"])("the preset %s", (preset) => {
  const ask = async (listener: Listener, body: Record<string, unknown> = {}) =>
    run(await loopback.serve(preset, listener), makeCall(body));

  test("streams to the sentinel", async () => {
    const { items, end } = await ask(sending(hello + stop + usage + done));
    expect(textOf(items)).toBe("Hello");
    expect(end).toMatchObject({ ok: true, reply: null, usage: counts });
    expect(items).toContainEqual({ kind: "finish", choice: 0, reason: "stop", native: null });
  });

  test("ends at the sentinel though the connection stays open", async () => {
    const { end } = await ask(sending(hello + stop + usage + done, () => {}));
    expect(end).toMatchObject({ ok: true, usage: counts });
  });

  test("needs no sentinel", async () => {
    expect((await ask(sending(hello + stop + usage))).end).toMatchObject({
      ok: true,
      usage: counts,
    });
  });

  test("takes usage from the finish chunk, or none", async () => {
    expect((await ask(sending(hello + stop + done))).end).toMatchObject({ ok: true, usage: null });
  });

  test("is whole though the connection breaks after the finish", async () => {
    const { end } = await ask(sending(hello + stop + usage, reset));
    expect(end).toMatchObject({ ok: true, usage: counts });
  });

  test.each([
    ["a clean close", hello, (response: ServerResponse) => response.end()],
    ["a reset", hello, reset],
    ["the sentinel alone", hello + done, (response: ServerResponse) => response.end()],
    ["half an event", hello + stop.slice(0, 40), (response: ServerResponse) => response.end()],
  ] as const)("is cut after content by %s", async (_name, text, end) => {
    const heard = await ask(sending(text, end));
    expect(textOf(heard.items)).toBe("Hello");
    expect(heard.end).toMatchObject({ ok: false, failure: { outcome: "stream_cut", status: 200 } });
  });

  test.each([
    ["nothing", ""],
    ["a role alone", role],
    ["the sentinel alone", done],
    ["a page", "<!doctype html><p>sign in</p>"],
    ["words", "upstream is napping"],
    ["comments", ": ping\n\n: ping\n\n"],
  ])("is a bad response if it is %s", async (_name, text) => {
    expect((await ask(sending(text))).end).toMatchObject({
      ok: false,
      failure: { outcome: "bad_response", status: 200, staleConnection: false },
    });
  });

  test("a reset before content is a network error", async () => {
    expect((await ask(sending(role, reset))).end).toMatchObject({
      ok: false,
      failure: { outcome: "network_error" },
    });
  });

  test("an error event is a failure with what it says, and closes the connection", async () => {
    let closed = false;
    const error = {
      message: `overloaded ${apiKey}`,
      type: "overloaded_error",
      code: null,
      param: null,
    };
    const { items, end } = await ask((request, response) => {
      request.socket.on("close", () => (closed = true));
      response.write(`${hello}data: ${JSON.stringify({ error })}\n\n`);
    });
    expect(textOf(items)).toBe("Hello");
    expect(end).toMatchObject({ ok: false, failure: { outcome: "overloaded" } });
    expect(JSON.stringify([items, end])).not.toContain(apiKey);
    await until(() => closed);
  });

  test("JSON in place of a stream is an answer", async () => {
    const { items, end } = await ask((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(`\n\n${whole}`);
    });
    expect(textOf(items)).toBe("Hello");
    expect(items).toContainEqual({ kind: "finish", choice: 0, reason: "stop", native: null });
    expect(end).toMatchObject({ ok: true, reply: null, usage: counts });
  });

  test("events under a wrong content type are an answer", async () => {
    const { items, end } = await ask((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(hello + stop + usage + done);
    });
    expect(textOf(items)).toBe("Hello");
    expect(end.ok).toBe(true);
  });

  test("an error as JSON under 200 is a failure", async () => {
    const { end } = await ask((_request, response) =>
      response.end(JSON.stringify({ error: { message: "slow", code: "rate_limit_exceeded" } })),
    );
    expect(end).toMatchObject({ ok: false, failure: { outcome: "rate_limited", status: 200 } });
  });

  test("a malformed event in the middle does not spoil the rest", async () => {
    const { items, end } = await ask(
      sending(
        role +
          chunk({ content: "Hel" }) +
          "data: {broken\n\n" +
          chunk({ content: "lo" }) +
          stop +
          done,
      ),
    );
    expect(end.ok).toBe(true);
    expect(items.some((item: StreamItem) => item.kind === "malformed")).toBe(true);
  });

  test("bytes may be cut anywhere", async () => {
    const bytes = Buffer.from(role + chunk({ content: "Grüße 👋" }) + stop + usage + done);
    const { items, end } = await ask(async (_request, response) => {
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        if (byte === 0x0a) await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect(textOf(items)).toBe("Grüße 👋");
    expect(end).toMatchObject({ ok: true, usage: counts });
  });
});

test("the second of two choices that never finishes is a cut", async () => {
  const two = role + chunk({ content: "a" }) + chunk({ content: "b" }, null, 1);
  const adapter = await loopback.serve("openai", sending(two + stop + done));
  expect((await run(adapter, makeCall({ n: 2 }))).end).toMatchObject({
    ok: false,
    failure: { outcome: "stream_cut" },
  });
});
