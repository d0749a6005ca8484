import { createServer } from "node:http";
import type { IncomingHttpHeaders, RequestListener, Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { classifyNetworkError } from "../failure/classify-network-error.ts";
import type { HttpExchange } from "./exchange.ts";
import { createHttpTransport } from "./transport.ts";
import type { HttpTransport } from "./transport.ts";

const open: { server: Server; transport: HttpTransport }[] = [];

afterEach(async () => {
  for (const { server, transport } of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await transport.close();
  }
});

const serve = async (
  listener: RequestListener,
): Promise<{ server: Server; transport: HttpTransport }> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const { port } = address;
  const transport = createHttpTransport({
    baseUrl: `http://127.0.0.1:${port}/v1/`,
    connectMs: 5_000,
  });
  const pair = { server, transport };
  open.push(pair);
  return pair;
};

type Heard = {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  error: Error | null;
  stale: boolean;
};

const ask = (
  transport: HttpTransport,
  onData?: (exchange: HttpExchange, text: string) => void,
): { exchange: HttpExchange; heard: Promise<Heard> } => {
  let settle: (heard: Heard) => void = () => {};
  const heard = new Promise<Heard>((resolve) => {
    settle = resolve;
  });
  const state: Heard = { status: 0, headers: {}, text: "", error: null, stale: false };
  const exchange = transport.send(
    {
      method: "POST",
      path: "/chat/completions",
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode("{}"),
    },
    {
      onHead: (status, headers) => Object.assign(state, { status, headers }),
      onData: (chunk) => {
        state.text += chunk.toString();
        onData?.(exchange, state.text);
      },
      onEnd: () => settle(state),
      onError: (error, stale) => settle({ ...state, error, stale }),
    },
  );
  return { exchange, heard };
};

/** The pool counts a connection as free only a turn after its answer. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("the base path is prefixed and the body arrives whole", async () => {
  const { transport } = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () =>
      response.end(`${request.url} ${request.headers["accept-encoding"]} ${body}`),
    );
  });
  const heard = await ask(transport).heard;
  expect(heard.text).toBe("/v1/chat/completions identity {}");
  expect(heard.status).toBe(200);
});

test("answers with 24 kB of headers are read", async () => {
  const { transport } = await serve((_request, response) => {
    for (let index = 0; index < 24; index += 1)
      response.setHeader(`x-trace-${index}`, "v".repeat(1_000));
    response.end("ok");
  });
  const heard = await ask(transport).heard;
  expect(heard.text).toBe("ok");
  expect(heard.headers["x-trace-23"]).toHaveLength(1_000);
});

test("a compressed answer is read though none was asked for; a cut one is an error", async () => {
  const packed = gzipSync("plain words ".repeat(5_000));
  let cut = false;
  const { transport } = await serve((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(cut ? packed.subarray(0, packed.length - 20) : packed);
  });
  expect((await ask(transport).heard).text).toHaveLength(60_000);
  cut = true;
  expect((await ask(transport).heard).error).toBeInstanceOf(Error);
});

test("an informational head is not the head", async () => {
  const { transport } = await serve((_request, response) => {
    response.writeEarlyHints({ link: "</a>; rel=preload" }, () => response.end("ok"));
  });
  expect(await ask(transport).heard).toMatchObject({ status: 200, text: "ok" });
});

test("a reset on a fresh connection is no stale one", async () => {
  const { transport } = await serve((request) => request.socket.resetAndDestroy());
  const heard = await ask(transport).heard;
  expect(heard).toMatchObject({ status: 0, stale: false });
  expect(classifyNetworkError(heard.error ?? new Error("none"))).toMatchObject({
    outcome: "network_error",
    status: null,
  });
});

test.each(["reset", "close"] as const)(
  "a %s of a kept-alive connection before headers is stale",
  async (how) => {
    let count = 0;
    const { transport } = await serve((request, response) => {
      count += 1;
      if (count === 1) response.end("first");
      else if (how === "reset") request.socket.resetAndDestroy();
      else request.socket.destroy();
    });
    expect((await ask(transport).heard).text).toBe("first");
    await settled();
    expect(await ask(transport).heard).toMatchObject({ status: 0, stale: true });
  },
);

test("a reset after the head of a reused connection is not stale", async () => {
  let count = 0;
  const { transport } = await serve((request, response) => {
    count += 1;
    if (count === 1) {
      response.end("first");
      return;
    }
    response.write("half", () => request.socket.resetAndDestroy());
  });
  await ask(transport).heard;
  await settled();
  const heard = await ask(transport).heard;
  expect(heard.error).toBeInstanceOf(Error);
  expect(heard.stale).toBe(false);
});

test("abort closes the socket and silences the handler", async () => {
  let closed = false;
  const { transport } = await serve((request, response) => {
    request.socket.on("close", () => (closed = true));
    response.write("one");
  });
  let ended = false;
  const { exchange, heard } = ask(transport, (running) => running.abort());
  void heard.then(() => (ended = true));
  await until(() => closed);
  exchange.abort();
  expect(ended).toBe(false);
});

test("abort before the connection stands sends nothing", async () => {
  let asked = 0;
  const { transport } = await serve((_request, response) => {
    asked += 1;
    response.end("ok");
  });
  ask(transport).exchange.abort();
  expect((await ask(transport).heard).text).toBe("ok");
  expect(asked).toBe(1);
});

test("nothing is read between pause and resume", async () => {
  const total = 64 * 1024 * 512;
  let sent = 0;
  const { transport } = await serve((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const push = (): void => {
      while (sent < total) {
        sent += chunk.length;
        if (!response.write(chunk)) {
          response.once("drain", push);
          return;
        }
      }
      response.end();
    };
    push();
  });
  let paused = false;
  let atPause = 0;
  const { exchange, heard } = ask(transport, (running, text) => {
    if (paused) return;
    paused = true;
    atPause = text.length;
    running.pause();
  });
  await until(() => paused);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(sent).toBeLessThan(total);
  exchange.resume();
  const { text } = await heard;
  expect(text).toHaveLength(total);
  expect(atPause).toBeLessThan(total);
});

test("a drained connection serves the next request", async () => {
  const ports = new Set<number | undefined>();
  let served = 0;
  const { transport } = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    response.on("close", () => (served += 1));
    response.write("enough");
    setTimeout(() => response.end("more"), 20);
  });
  let heardEnd = false;
  const first = ask(transport, (running) => running.drain());
  void first.heard.then(() => (heardEnd = true));
  await until(() => served === 1);
  await settled();
  await ask(transport).heard;
  expect(ports.size).toBe(1);
  expect(heardEnd).toBe(false);
});

test("a drained connection that stays open is closed", async () => {
  let closed = false;
  const { transport } = await serve((request, response) => {
    request.socket.on("close", () => (closed = true));
    response.write("enough");
  });
  ask(transport, (running) => running.drain());
  await until(() => closed);
});

test("a refused connection is a network error without an address in its message", async () => {
  const { server, transport } = await serve(() => {});
  await new Promise((resolve) => server.close(resolve));
  const heard = await ask(transport).heard;
  const failure = classifyNetworkError(heard.error ?? new Error("none"));
  expect(failure).toMatchObject({ outcome: "network_error", message: "connection refused" });
});
