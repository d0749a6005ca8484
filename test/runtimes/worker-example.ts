import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exampleOffering } from "@pointsman/core/testing";
import { startSimulatedWorld } from "@pointsman/simulator";
import { bundle } from "./esbuild.ts";
import { askWorkerd } from "./workerd.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");

const offeringAt = (provider: string, providerModelId: string) =>
  exampleOffering(provider, { model: "small-chat", providerModelId });

/** Bindings as the example wants them, and the loopback as all the internet there is. */
const configOf = (bindings: Readonly<Record<string, string>>): string =>
  `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      compatibilityDate = "2026-11-01",
      modules = [(name = "worker.js", esModule = embed "example.js")],
      bindings = [${Object.entries(bindings)
        .map(([name, value]) => `(name = "${name}", text = "${value}")`)
        .join(", ")}],
    )),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

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
      config: configOf(bindings),
      path: "/v1/chat/completions",
      body: JSON.stringify({ model: "small-chat", messages }),
    });
    if (!text.includes('"The points are set."')) throw new Error(`it answered ${text}`);
    return headers.get("x-provider") ?? "nobody";
  } finally {
    await world.close();
  }
};
