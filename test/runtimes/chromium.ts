import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { createBrotliDecompress } from "node:zlib";
import { bundle } from "./esbuild.ts";

const packed = join(
  import.meta.dirname,
  "node_modules",
  "@sparticuz",
  "chromium",
  "bin",
  "chromium.br",
);

/** Where the browser is unpacked to. The package has none but for this platform. */
export const chromiumBinary = join(import.meta.dirname, "node_modules", ".chromium");

export const unpackChromium = async (signal: AbortSignal): Promise<void> => {
  const hasBrowser = process.platform === "linux" && process.arch === "x64" && existsSync(packed);
  if (!hasBrowser) return;
  const file = createWriteStream(chromiumBinary, { mode: 0o755 });
  await pipeline(createReadStream(packed), createBrotliDecompress(), file, { signal });
};

/** What the script prints comes back to the server of its page. */
const page = `<!doctype html>
<script>
  const tell = (path) => (text) => fetch(path, { method: "POST", body: String(text) });
  console.log = tell("/printed");
  addEventListener("error", ({ message }) => tell("/failed")(message));
  addEventListener("unhandledrejection", ({ reason }) => tell("/failed")(reason));
</script>
<script type="module" src="/script.js"></script>
`;

/** Runs a script of a folder in a page of the browser; resolves to what it prints. */
export const runInPage = async (options: {
  readonly folder: string;
  readonly script: string;
  readonly signal: AbortSignal;
}): Promise<string> => {
  const { folder, script, signal } = options;
  const code = await bundle({ script, cwd: folder, args: [], signal });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { url } = request;
    if (url === "/script.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(code);
    } else if (url === "/printed") {
      text(request).then(resolve, reject);
    } else if (url === "/failed") {
      text(request).then((told) => reject(new Error(told)), reject);
    } else {
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    }
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const child = spawn(
    chromiumBinary,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      // The page's server is not the gateway, which allows no other origin.
      "--disable-web-security",
      `--user-data-dir=${join(folder, ".chromium")}`,
      `http://127.0.0.1:${address.port}/`,
    ],
    { stdio: "ignore" },
  );
  const closed = new Promise<void>((close) => {
    child.once("error", reject);
    child.once("close", () => {
      reject(new Error("the browser ended before it told anything"));
      close();
    });
  });
  const stop = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
    await closed;
    server.closeAllConnections();
    server.close();
  }
};
