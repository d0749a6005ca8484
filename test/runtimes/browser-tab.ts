import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromiumBinary, chromiumEnvironment } from "./chromium.ts";

/** A tab of a browser without a window, spoken to by the DevTools protocol. */
export type BrowserTab = {
  readonly open: (url: string) => Promise<void>;
  /** Resolves to what an expression of the page gives, once it is true. */
  readonly until: (expression: string) => Promise<unknown>;
  /** What the page complained of: exceptions, and what its policy stopped. */
  readonly complaints: readonly string[];
  readonly close: () => Promise<void>;
};

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: { readonly result?: { readonly value?: unknown } };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const openTab = async (folder: string, signal: AbortSignal): Promise<BrowserTab> => {
  const child = spawn(
    chromiumBinary,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--remote-debugging-port=0",
      `--user-data-dir=${folder}`,
      "about:blank",
    ],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...chromiumEnvironment } },
  );
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  signal.addEventListener("abort", () => child.kill("SIGKILL"));

  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on("line", (line) => {
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/u.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error("the browser ended before it listened")));
  });
  const answer = await fetch(`http://127.0.0.1:${port}/json`, { signal });
  // The protocol's list of targets.
  const targets = (await answer.json()) as { type: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type }) => type === "page");
  if (page === undefined) throw new Error("the browser has no page");
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));

  const complaints: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  socket.addEventListener("message", ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    else if (/exceptionThrown|Log\.entryAdded/u.test(message.method ?? "")) {
      complaints.push(JSON.stringify(message.params));
    }
  });
  let sent = 0;
  const send = (method: string, params: object = {}): Promise<Message> =>
    new Promise((resolve) => {
      sent += 1;
      waiting.set(sent, resolve);
      socket.send(JSON.stringify({ id: sent, method, params }));
    });
  for (const domain of ["Runtime", "Log", "Page"]) await send(`${domain}.enable`);

  return {
    complaints,
    close,
    open: async (url) => {
      await send("Page.navigate", { url });
    },
    until: async (expression) => {
      for (;;) {
        if (signal.aborted) throw new Error(`never true: ${expression}`);
        const { result } = await send("Runtime.evaluate", { expression });
        const value = result?.result?.value;
        if (value !== undefined && value !== null && value !== false && value !== "") return value;
        await sleep(50);
      }
    },
  };
};
