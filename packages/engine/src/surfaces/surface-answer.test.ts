import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import type { RunHandle } from "../run/run-report.ts";
import { chatSurface } from "./chat/chat-surface.ts";
import { rawBodyOf } from "./raw-body.ts";
import { SurfaceAnswer } from "./surface-answer.ts";

const servers: Server[] = [];

const readRequest = () => {
  const body = rawBodyOf(Buffer.from('{"model":"m","messages":[{"role":"user","content":"Hi"}]}'));
  if (!body.ok) throw new Error(body.error.message);
  const read = chatSurface.read(body.raw, {});
  if (!read.ok) throw new Error(read.error.message);
  return read;
};

/** One answer over real HTTP, its clock in the test's hands. */
const answerOver = async (stream: boolean) => {
  const clock = createManualClock();
  const calls: string[] = [];
  const handle: RunHandle = {
    cancel: () => {
      calls.push("cancel");
      return null;
    },
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
  };
  let made: (answer: SurfaceAnswer) => void = () => {};
  const answer = new Promise<SurfaceAnswer>((resolve) => {
    made = resolve;
  });
  const server = createServer((_request, response) => {
    const options = {
      decisionId: "dec_1",
      surface: chatSurface,
      request: readRequest(),
      output: response,
      requestId: "req_1",
      stream,
      explain: null,
      headers: [],
    };
    const chat = new SurfaceAnswer(clock, {
      ...options,
      docsBaseUrl: () => "http://x",
      onEnd: () => {},
      onLeft: () => {},
    });
    chat.attach(handle);
    made(chat);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const response = fetch(`http://127.0.0.1:${port}`, { signal: abort.signal });
  return { clock, calls, abort, response, answer: await answer };
};

const error = { code: "upstream_error", message: "No.", param: null } as const;

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

it("a stream without content sends its head after 25 s and a comment every 15 s of silence", async () => {
  const { clock, response, answer } = await answerOver(true);
  clock.advance(25_000);
  const head = await response;
  expect(head.status).toBe(200);
  expect(head.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  clock.advance(15_000);
  clock.advance(10_000);
  answer.items([{ kind: "text", choice: 0, text: "Hi" }]);
  clock.advance(14_999);
  clock.advance(1);
  answer.end({ ok: false, error, started: true, report: null });
  const events = (await head.text()).split("\n\n").filter((event) => event !== "");
  expect(events.map((event) => event.slice(0, 6))).toEqual([
    ": keep",
    ": keep",
    "data: ",
    ": keep",
    "data: ",
  ]);
  expect(events[2]).toContain('"content":"Hi"');
  // After the head only the stream itself can tell of a failure, and it does not end cleanly.
  expect(events.at(-1)).toContain('"code":"upstream_error"');
  expect(clock.waiting).toBe(0);
});

it("a failure before the head is an HTTP error", async () => {
  const { clock, response, answer } = await answerOver(true);
  answer.end({ ok: false, error, started: false, report: null });
  const { status, headers } = await response;
  expect(status).toBe(502);
  expect(headers.get("x-request-id")).toBe("req_1");
  expect(headers.get("x-should-retry")).toBe("true");
  expect(clock.waiting).toBe(0);
});

it("a caller who leaves cancels the run", async () => {
  const { calls, abort, response, clock } = await answerOver(false);
  abort.abort();
  await expect(response).rejects.toThrow("aborted");
  await expect.poll(() => calls).toEqual(["cancel"]);
  expect(clock.waiting).toBe(0);
});

it("a caller who reads slowly pauses the provider until it has caught up", async () => {
  const { calls, response, answer } = await answerOver(true);
  const piece = "x".repeat(1024 * 1024);
  for (let n = 0; n < 32; n += 1) answer.items([{ kind: "text", choice: 0, text: piece }]);
  expect(calls).toEqual(["pause"]);
  const head = await response;
  const reading = head.text();
  await expect.poll(() => calls, { timeout: 10_000 }).toEqual(["pause", "resume"]);
  answer.end({ ok: false, error, started: true, report: null });
  expect((await reading).length).toBeGreaterThan(32 * 1024 * 1024);
});
