import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exampleOffering } from "@pointsman/core/testing";
import { startSimulatedWorld } from "@pointsman/simulator";
import { bundle } from "./esbuild.ts";
import { askWorkerd, bundledConfig } from "./workerd.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");

const offeringAt = (provider: string, providerModelId: string) =>
  exampleOffering(provider, { model: "small-chat", providerModelId });

/**
 * Runs the Worker of the examples in workerd before two simulated providers; resolves to who answered.
 *
 * @throws Error if it answers anything but what was asked for.
 */
export const runWorkerExample = async (options: {
  readonly binary: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<string> => {
  const { folder, signal } = options;
  const script = await bundle({
    script: join("cloudflare-worker", "worker.ts"),
    cwd: examples,
    args: ["--conditions=@pointsman/source", "--minify"],
    signal,
  });
  await writeFile(join(folder, "example.js"), script);
  const world = await startSimulatedWorld({
    providers: [
      { id: "acme", offerings: [offeringAt("acme", "small-chat-1")] },
      { id: "zenith", offerings: [offeringAt("zenith", "org/small-chat")] },
    ],
    pace: 0,
  });
  try {
    const bindings = Object.fromEntries(
      world.providers.flatMap(({ id, baseUrl, apiKey }) => [
        [`${id.toUpperCase()}_URL`, baseUrl],
        [`${id.toUpperCase()}_KEY`, apiKey],
      ]),
    );
    const messages = [{ role: "user", content: "Repeat exactly: The points are set." }];
    const { headers, text } = await askWorkerd({
      ...options,
      config: bundledConfig("example.js", bindings),
      path: "/v1/chat/completions",
      body: JSON.stringify({ model: "small-chat", messages }),
    });
    if (!text.includes('"The points are set."')) throw new Error(`it answered ${text}`);
    return headers.get("x-provider") ?? "nobody";
  } finally {
    await world.close();
  }
};
