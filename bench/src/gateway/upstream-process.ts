import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import { endWithParent, listenAndTell } from "../process/own-side.ts";
import { jsonAnswer, streamWrites } from "./upstream-answers.ts";

// The mock upstream: answers at once, one write per stream event with a turn of the event loop
// between, so that no proxy is handed the whole answer in one piece.

const writeStream = (response: ServerResponse): void => {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  let next = 0;
  const step = (): void => {
    const chunk = streamWrites[next];
    next += 1;
    if (chunk === undefined) {
      response.end();
      return;
    }
    response.write(chunk);
    setImmediate(step);
  };
  step();
};

const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    if (Buffer.concat(chunks).includes('"stream":true')) {
      writeStream(response);
      return;
    }
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": jsonAnswer.length,
    });
    response.end(jsonAnswer);
  });
});

endWithParent();
listenAndTell(server);
