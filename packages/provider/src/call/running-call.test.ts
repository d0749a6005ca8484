import { createServer } from "node:http";
import type { Server } from "node:http";
import { afterEach, expect, test } from "vitest";
import type { CallEnd } from "../adapter.ts";
import { createHttpTransport } from "../http/transport.ts";
import type { HttpTransport } from "../http/transport.ts";
import type { AnswerWire } from "./answer-wire.ts";
import { startCall } from "./running-call.ts";

const open: { readonly server: Server; readonly transport: HttpTransport }[] = [];

afterEach(async () => {
  for (const { server, transport } of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await transport.close();
  }
});

const endOf = async (wire: AnswerWire): Promise<CallEnd> => {
  const server = createServer((_request, response) => {
    response.end("data: {}\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const baseUrl = `http://127.0.0.1:${address.port}`;
  const transport = createHttpTransport({ baseUrl, connectMs: 5_000 });
  open.push({ server, transport });
  return new Promise((resolve) => {
    startCall(
      {
        wire,
        request: { method: "POST", path: "/", headers: {}, body: new Uint8Array() },
        passthrough: false,
        stream: true,
        choices: 1,
        losses: [],
        redact: (text) => text,
      },
      transport,
      { items: () => {}, end: resolve },
    );
  });
};

const broken = (): never => {
  throw new TypeError("a bug");
};

const wire = { vendorCodes: {}, readReply: broken };
const decoder = { done: false, end: () => {} };

test.each([
  ["when it is made", { ...wire, createDecoder: broken }],
  ["at a chunk", { ...wire, createDecoder: () => ({ ...decoder, push: broken }) }],
])("a decoder that throws %s breaks its answer, not the process", async (_when, plan) => {
  const end = await endOf(plan);
  expect(end).toMatchObject({
    ok: false,
    failure: { outcome: "bad_response", message: "the answer could not be read" },
  });
});
