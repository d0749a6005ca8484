import { rmSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChild } from "../../process/child.ts";
import { urlOf } from "../../process/message.ts";
import type { StartServer } from "./server.ts";

const apiKey = "pm_bench_0123456789abcdefghijklmnopqrstuv";

const config = (upstreamUrl: string): unknown => ({
  providers: {
    mock: {
      kind: "openai-compatible",
      preset: "openai",
      baseUrl: `${upstreamUrl}/v1`,
      apiKey: "sk-mock",
      models: {
        "gpt-4o": {
          id: "gpt-4o",
          price: { input: 2.5, output: 10 },
          contextWindow: 128_000,
          maxOutputTokens: 16_384,
        },
      },
    },
  },
  keys: [{ key: apiKey, workspace: "default" }],
});

/** The gateway as users run it: `pointsman serve` on a configuration file. */
export const startPointsman: StartServer = async (name, upstreamUrl) => {
  const bin = fileURLToPath(new URL("../../../../packages/cli/bin/pointsman.js", import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), "pointsman-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const configFile = join(folder, "pointsman.json");
  await writeFile(configFile, JSON.stringify(config(upstreamUrl)));
  // Started in the scratch folder, so that its state is new and goes away with it.
  const child = startChild(
    name,
    [bin, "serve", "--config", configFile, "--port", "0", "--json"],
    folder,
  );
  return {
    name,
    command: "pointsman serve --config pointsman.json --port 0 --json",
    pid: child.pid,
    url: await urlOf(child, 20_000),
    apiKey,
    stop: child.stop,
  };
};
