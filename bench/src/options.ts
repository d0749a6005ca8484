import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

/** What the command line asks for; absent numbers are left to the benchmark's own defaults. */
export type BenchOptions = {
  readonly command: "core" | "failover" | "gateway" | "ledger" | "translate" | "help";
  /** JSON on stdout instead of tables. */
  readonly json: boolean;
  /** Shorter and rougher: for trying things out, not for quoting. */
  readonly quick: boolean;
  /** Length of one round of one subject. */
  readonly seconds: number | undefined;
  /** Counted rounds. */
  readonly rounds: number | undefined;
  /** Folder for the JSON and SVG results. @default bench/results */
  readonly outDir: string;
  /** Servers under test by name, the reference first; `gateway` only. */
  readonly servers: readonly string[];
  /** Requests in flight; `gateway` only. */
  readonly concurrency: number;
};

export const helpText = `Usage: npm run bench -- <core|failover|gateway|ledger|translate> [options]

  core      decide, explain, observe and costOf against an arithmetic floor and plain objects
  failover  time of a request that is rescued from a fault over that of a healthy one
  gateway   CPU and latency of one request through the gateway against a bare proxy
  ledger    reserving and settling money in every store
  translate requests and streamed events through the codecs against JSON.parse + JSON.stringify

  --json              print the results as JSON on stdout (progress goes to stderr)
  --seconds N         length of one round of one subject (gateway 4, ledger 0.4, core, translate 0.2)
  --rounds N          counted rounds (gateway 5, core, ledger, translate 7); failover: requests a fault (100)
  --quick             short rounds, for trying things out
  --out DIR           where <name>.json and <name>.svg go (bench/results)
  --servers A,B,…     gateway: servers, the reference first (floor,pointsman)
  --concurrency N     gateway: requests in flight (16)
  --help              this text
`;

const positive = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new Error(`--${name} wants a number above 0, not "${text}"`);
  return value;
};

const positiveInteger = (name: string, text: string | undefined): number | undefined => {
  const value = positive(name, text);
  if (value !== undefined && !Number.isInteger(value))
    throw new Error(`--${name} wants a whole number, not "${text}"`);
  return value;
};

const isCommand = (word: string): word is BenchOptions["command"] =>
  ["core", "failover", "gateway", "ledger", "translate", "help"].includes(word);

/** Parses the command line. Throws an `Error` that quotes what it does not understand. */
export const parseOptions = (args: readonly string[]): BenchOptions => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      seconds: { type: "string" },
      rounds: { type: "string" },
      out: { type: "string" },
      servers: { type: "string", default: "floor,pointsman" },
      concurrency: { type: "string" },
    },
  });
  const [command = "help", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`one benchmark at a time, not "${positionals.join(" ")}"`);
  if (!isCommand(command))
    throw new Error(
      `"${command}" is no benchmark; there are core, failover, gateway, ledger and translate`,
    );
  return {
    command: values.help ? "help" : command,
    json: values.json,
    quick: values.quick,
    seconds: positive("seconds", values.seconds),
    rounds: positiveInteger("rounds", values.rounds),
    outDir: values.out ?? fileURLToPath(new URL("../results", import.meta.url)),
    servers: values.servers.split(",").filter((name) => name !== ""),
    concurrency: positiveInteger("concurrency", values.concurrency) ?? 16,
  };
};
