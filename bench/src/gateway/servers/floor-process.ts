import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { Pool } from "undici";
import { endWithParent, listenAndTell } from "../../process/own-side.ts";

// The floor: the least a proxy on this runtime can do. It collects the request body, forwards it,
// and hands the answer through chunk by chunk. It parses nothing.

const upstream = process.argv[2];
if (upstream === undefined) throw new Error("usage: floor-process.ts UPSTREAM_URL");
const pool = new Pool(upstream, { connections: 128, pipelining: 1 });

const passThroughHeaders = (headers: IncomingHttpHeaders): IncomingHttpHeaders => {
  const kept = { ...headers };
  delete kept["transfer-encoding"];
  delete kept.connection;
  delete kept["keep-alive"];
  return kept;
};

const forward = (url: string, body: Buffer, auth: string, response: ServerResponse): void => {
  pool.dispatch(
    {
      path: url,
      method: "POST",
      headers: { "content-type": "application/json", authorization: auth },
      body,
    },
    {
      // undici tells the two kinds of handlers apart by this method.
      onRequestStart: () => {},
      onResponseStart: (_controller, status, headers) => {
        response.writeHead(status, passThroughHeaders(headers));
      },
      onResponseData: (controller, chunk) => {
        if (response.write(chunk)) return;
        controller.pause();
        response.once("drain", () => controller.resume());
      },
      onResponseEnd: () => {
        response.end();
      },
      onResponseError: (_controller, error) => {
        if (response.headersSent) response.destroy(error);
        else response.writeHead(502).end(error.message);
      },
    },
  );
};

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    forward(
      request.url ?? "/",
      Buffer.concat(chunks),
      request.headers.authorization ?? "",
      response,
    );
  });
});

endWithParent();
listenAndTell(server);
