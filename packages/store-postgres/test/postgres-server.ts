import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";

/** Where Debian keeps the servers, by version. */
const debianFolder = "/usr/lib/postgresql";

/** The folder with `initdb` and `postgres`; `null` = no PostgreSQL server is installed. */
export const findPostgres = async (): Promise<string | null> => {
  const versions = await readdir(debianFolder).catch((): string[] => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  const folders = newestFirst.map((version) => join(debianFolder, version, "bin"));
  // Where only the clients are installed there is a folder all the same.
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, ...path].find((folder) => existsSync(join(folder, "initdb"))) ?? null;
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

/** PostgreSQL refuses to run as root: there it runs as the user that Debian made for it. */
const asServerUser = (command: string, args: readonly string[]): readonly [string, string[]] =>
  process.getuid?.() === 0
    ? ["setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", command, ...args]]
    : [command, [...args]];

const idOf = (flag: string): number =>
  Number(spawnSync("id", [flag, "postgres"], { encoding: "utf8" }).stdout);

/** A PostgreSQL of its own, in a temporary folder, on a free port of the loopback interface. */
export class PostgresServer {
  readonly url: string;
  readonly port: number;
  readonly #bin: string;
  readonly #folder: string;
  #process: ChildProcess | null = null;

  private constructor(bin: string, folder: string, port: number) {
    this.#bin = bin;
    this.#folder = folder;
    this.port = port;
    this.url = `postgres://pointsman@127.0.0.1:${port}/postgres`;
  }

  static async start(bin: string): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), "pointsman-postgres-"));
    const data = join(folder, "data");
    await mkdir(data);
    if (process.getuid?.() === 0) {
      for (const path of [folder, data]) await chown(path, idOf("-u"), idOf("-g"));
    }
    const server = new PostgresServer(bin, folder, await freePort());
    const [command, args] = asServerUser(join(bin, "initdb"), [
      `--pgdata=${data}`,
      "--username=pointsman",
      "--auth=trust",
      "--no-sync",
      "--encoding=UTF8",
      "--locale=C",
    ]);
    const made = spawnSync(command, args, { encoding: "utf8", cwd: folder });
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    await server.run();
    return server;
  }

  /** Starts it, again if need be, and waits until it answers. */
  async run(): Promise<void> {
    const settings = {
      listen_addresses: "127.0.0.1",
      unix_socket_directories: this.#folder,
      max_connections: "60",
      fsync: "off",
    };
    const [command, args] = asServerUser(join(this.#bin, "postgres"), [
      "-D",
      join(this.#folder, "data"),
      "-p",
      String(this.port),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    this.#process = spawn(command, args, { stdio: "ignore", cwd: this.#folder });
    for (let attempt = 0; ; attempt++) {
      const sql = postgres(this.url, { max: 1, connect_timeout: 1, onnotice: () => {} });
      try {
        await sql`SELECT 1`;
        return;
      } catch (error) {
        if (attempt === 200) throw error;
        await sleep(50);
      } finally {
        await sql.end({ timeout: 0 });
      }
    }
  }

  /** Ends it at once, its connections with it. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null) return;
    const exited = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGQUIT");
    await exited;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true });
  }
}
