import { spawn } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { createBrotliDecompress } from "node:zlib";
import { bundle } from "./esbuild.ts";
import { execute } from "./execute.ts";

const modules = join(import.meta.dirname, "node_modules");
const packed = join(modules, "@sparticuz", "chromium", "bin");
const unpacked = join(modules, ".chromium");

/** Where the browser is unpacked to. The package has none but for this platform. */
export const chromiumBinary = join(unpacked, "chromium");

/** For systems that lack NSS: the package has it beside the browser. */
export const chromiumEnvironment = { LD_LIBRARY_PATH: join(unpacked, "lib") };

const inflate = (name: string, file: string, signal: AbortSignal): Promise<void> =>
  pipeline(
    createReadStream(join(packed, `${name}.br`)),
    createBrotliDecompress(),
    createWriteStream(file, { mode: 0o755 }),
    { signal },
  );

export const unpackChromium = async (signal: AbortSignal): Promise<void> => {
  const hasBrowser = process.platform === "linux" && process.arch === "x64" && existsSync(packed);
  if (!hasBrowser) return;
  mkdirSync(unpacked, { recursive: true });
  const libraries = join(unpacked, "libraries.tar");
  await inflate("chromium", chromiumBinary, signal);
  await inflate("al2023.tar", libraries, signal);
  await execute({ command: "tar", args: ["-xf", libraries], cwd: unpacked, signal });
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
    { stdio: "ignore", env: { ...process.env, ...chromiumEnvironment } },
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
