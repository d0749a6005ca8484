import type { IncomingMessage } from "node:http";

/** Most that is read of a body nobody wants, bytes. */
const mostBytes = 128 * 1024 * 1024;
/** Longest it is read, ms. */
const mostMs = 10_000;

/**
 * Reads the rest of a refused request's body and throws it away, so that the caller, who may still be
 * writing, gets to read the answer instead of a reset connection. Whoever sends on and on is cut off.
 */
export const discardBody = (request: IncomingMessage): void => {
  const { headers } = request;
  const hasBody =
    headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  if (!hasBody || request.complete) return;
  let left = mostBytes;
  const cutOff = (): void => {
    request.socket.destroy();
  };
  const timer = setTimeout(cutOff, mostMs);
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) cutOff();
  });
  request.once("close", () => {
    clearTimeout(timer);
  });
  request.once("end", () => {
    clearTimeout(timer);
  });
  request.resume();
};
