import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

/** The server's program; `null` = neither Redis nor Valkey is installed. */
export const findRedis = (): string | null => {
  const programs = ["redis-server", "valkey-server"];
  return programs.find((name) => spawnSync(name, ["--version"]).status === 0) ?? null;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });

type Settings = Readonly<Record<string, string>>;

/** A Redis of its own, in a temporary folder, on a free port of the loopback interface. */
export class RedisServer {
  readonly url: string;
  readonly port: number;
  readonly #program: string;
  readonly #folder: string;
  readonly #settings: Settings;
  #process: ChildProcess | null = null;

  private constructor(
    program: string,
    folder: string,
    { port, settings }: { readonly port: number; readonly settings: Settings },
  ) {
    this.#program = program;
    this.#folder = folder;
    this.port = port;
    this.#settings = settings;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(program: string, settings: Settings = {}): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), "pointsman-redis-"));
    const server = new RedisServer(program, folder, { port: await freePort(), settings });
    await server.run();
    return server;
  }

  /** Starts it, again if need be, and waits until it answers. */
  async run(): Promise<void> {
    const settings: Settings = {
      port: String(this.port),
      bind: "127.0.0.1",
      dir: this.#folder,
      save: "",
      appendonly: "no",
      ...this.#settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    this.#process = spawn(this.#program, args, { stdio: "ignore" });
    await this.ask((redis) => redis.ping());
  }

  /** With a connection of its own. */
  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const retryStrategy = (): number => 20;
    const redis = new Redis(this.url, { retryStrategy, maxRetriesPerRequest: 500 });
    redis.on("error", () => {});
    try {
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }

  /** Stops it in its tracks: connections stay, nothing answers. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  /** Ends it at once, its connections with it. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null) return;
    const exited = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await exited;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}

/** A cluster of two nodes: it refuses scripts whose keys would lie on both. */
export const startCluster = async (program: string): Promise<Pick<RedisServer, "url" | "stop">> => {
  const nodes: RedisServer[] = [];
  const busPorts = [await freePort(), await freePort()];
  for (const busPort of busPorts) {
    const settings = {
      "cluster-enabled": "yes",
      "cluster-announce-ip": "127.0.0.1",
      // By itself it would be 10,000 above the other port, where there may be none.
      "cluster-port": String(busPort),
    };
    nodes.push(await RedisServer.start(program, settings));
  }
  const [first, second] = nodes;
  if (first === undefined || second === undefined) throw new Error("no nodes");
  await first.ask((redis) => redis.call("CLUSTER", "ADDSLOTSRANGE", 0, 8191));
  await second.ask((redis) => redis.call("CLUSTER", "ADDSLOTSRANGE", 8192, 16_383));
  await first.ask((redis) =>
    redis.call("CLUSTER", "MEET", "127.0.0.1", second.port, busPorts[1] ?? 0),
  );
  const isReady = async (redis: Redis): Promise<boolean> =>
    (await redis.cluster("INFO")).includes("cluster_state:ok");
  for (const node of nodes) {
    await node.ask(async (redis) => {
      while (!(await isReady(redis))) await sleep(20);
    });
  }
  return {
    url: first.url,
    stop: async () => {
      for (const node of nodes) await node.stop();
    },
  };
};
