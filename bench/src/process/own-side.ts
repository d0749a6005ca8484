import type { Server } from "node:http";

/** Writes one line of JSON for the parent. */
export const tellParent = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

/** Ends this process when the parent closes its stdin, which it also does by dying. */
export const endWithParent = (): void => {
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
};

/** Listens on a free loopback port and tells the parent its URL. */
export const listenAndTell = (server: Server): void => {
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port was bound");
    tellParent({ url: `http://127.0.0.1:${address.port}` });
  });
};
