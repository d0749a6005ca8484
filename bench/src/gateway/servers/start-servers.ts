import { startFloor } from "./floor.ts";
import { startPointsman } from "./pointsman.ts";
import type { RunningServer, StartServer } from "./server.ts";

/** Every proxy that can be put under test; a peer is one more entry. */
const starters: Readonly<Record<string, StartServer>> = {
  floor: startFloor,
  pointsman: startPointsman,
};

/** `floor,floor` -> `floor`, `floor-2`: the same server twice shows the harness's own noise. */
const distinctNames = (kinds: readonly string[]): readonly string[] =>
  kinds.map((kind, index) => {
    const before = kinds.slice(0, index).filter((other) => other === kind).length;
    return before === 0 ? kind : `${kind}-${before + 1}`;
  });

/** Starts the servers named, in order. Throws on a name nobody knows. */
export const startServers = async (
  kinds: readonly string[],
  upstreamUrl: string,
): Promise<readonly RunningServer[]> => {
  const names = distinctNames(kinds);
  const started: RunningServer[] = [];
  try {
    for (const [index, kind] of kinds.entries()) {
      const start = starters[kind];
      if (start === undefined)
        throw new Error(
          `no server is called "${kind}"; there are ${Object.keys(starters).join(", ")}`,
        );
      started.push(await start(names[index] ?? kind, upstreamUrl));
    }
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
  return started;
};
