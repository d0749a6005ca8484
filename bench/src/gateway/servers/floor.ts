import { fileURLToPath } from "node:url";
import { startChild } from "../../process/child.ts";
import { urlOf } from "../../process/message.ts";
import type { StartServer } from "./server.ts";

/** The bare proxy every figure is a multiple of. */
export const startFloor: StartServer = async (name, upstreamUrl) => {
  const script = fileURLToPath(new URL("./floor-process.ts", import.meta.url));
  const child = startChild(name, [script, upstreamUrl]);
  return {
    name,
    command: "node bench/src/gateway/servers/floor-process.ts",
    pid: child.pid,
    url: await urlOf(child, 10_000),
    apiKey: "none",
    stop: child.stop,
  };
};
