import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A recorded reply served over HTTP, whatever is asked. */
export type ReplayServer = {
  readonly baseUrl: string;
  /** Bodies received, parsed. */
  readonly requests: readonly unknown[];
  /** What to answer from now on. */
  play(reply: { readonly contentType: string; readonly chunks: readonly Uint8Array[] }): void;
  close(): Promise<void>;
};

/** Starts a server that answers each POST with the reply last set, chunk by chunk. */
export const startReplayServer = async (): Promise<ReplayServer> => {
  const requests: unknown[] = [];
  let current: Parameters<ReplayServer["play"]>[0] = { contentType: "text/plain", chunks: [] };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      requests.push(JSON.parse(Buffer.concat(parts).toString("utf8")));
      response.writeHead(200, { "content-type": current.contentType });
      const left = [...current.chunks];
      const next = (): void => {
        const chunk = left.shift();
        if (chunk === undefined) {
          response.end();
          return;
        }
        response.write(chunk);
        setImmediate(next);
      };
      next();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    play: (reply) => {
      current = reply;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
};
