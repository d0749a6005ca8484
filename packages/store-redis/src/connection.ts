import { Cluster, Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { budgetScripts } from "./budget-scripts.ts";
import type { BudgetScript } from "./budget-scripts.ts";
import { otherScripts } from "./other-scripts.ts";
import type { OtherScript } from "./other-scripts.ts";

/** A script runs alone. It touches keys with the tag of its named key only: a cluster has them on one node. */
type Script = BudgetScript | OtherScript;

const scripts = Object.fromEntries(
  Object.entries({ ...budgetScripts, ...otherScripts }).map(([name, lua]) => [
    name,
    { lua, numberOfKeys: 1 },
  ]),
);

/** What a script answers. */
export type Reply = string | number | null | readonly Reply[];

export type ConnectionOptions = {
  readonly url: string;
  /** Before every key; without braces, which say where in a cluster a key is. */
  readonly prefix: string;
  readonly cluster: boolean;
  /** Longest wait for a connection and for an answer, ms. */
  readonly timeoutMs: number;
};

type Call = (...values: readonly (string | number)[]) => Promise<Reply>;

/** Longest pause between two attempts to connect again, ms. */
const mostPauseMs = 500;
const pauseMs = (attempt: number): number => Math.min(mostPauseMs, 20 * 2 ** attempt);

export const listOf = (reply: Reply): readonly Reply[] => (Array.isArray(reply) ? reply : []);
export const textOf = (reply: Reply | undefined): string =>
  typeof reply === "string" || typeof reply === "number" ? String(reply) : "";

/** `a, 1, b, 2` as `{ a: 1, b: 2 }`. */
export const fieldsOf = (reply: Reply): ReadonlyMap<string, string> => {
  const flat = listOf(reply);
  const fields = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2)
    fields.set(textOf(flat[at]), textOf(flat[at + 1]));
  return fields;
};

const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Its message is about an option of the driver's.
  return error.name === "MaxRetriesPerRequestError" ? "the connection was lost" : error.message;
};

/**
 * A connection to one Redis, or one per node of a cluster. Nothing is queued while it is lost, and nothing
 * is sent twice: a call that was given up is not carried out later, when nobody settles what it holds.
 */
export class Connection {
  readonly prefix: string;
  readonly #timeoutMs: number;
  readonly #client: Redis | Cluster;
  #lastError: Error | null = null;

  /** @throws RangeError if the prefix has braces */
  constructor({ url, prefix, cluster, timeoutMs }: ConnectionOptions) {
    if (/[{}]/.test(prefix)) throw new RangeError(`a prefix has no braces: ${prefix}`);
    this.prefix = prefix;
    this.#timeoutMs = timeoutMs;
    const options = {
      connectTimeout: timeoutMs,
      commandTimeout: timeoutMs,
      // A connection that is silent while somebody waits is given up, with what was sent on it: before the
      // first of them is told, so that nobody sends anything more.
      socketTimeout: Math.ceil(timeoutMs * 0.9),
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      // A server that became a replica: behind the same name there is another one that is not.
      reconnectOnError: (error) => error.message.includes("READONLY"),
    } satisfies RedisOptions;
    const common = { scripts, lazyConnect: true, enableOfflineQueue: false };
    if (cluster) {
      const { username, password, protocol } = new URL(url);
      this.#client = new Cluster([url], {
        ...common,
        clusterRetryStrategy: pauseMs,
        clusterNodeRetryStrategy: pauseMs,
        // What finds its node not connected yet tries again, a second in all; what was sent does not.
        retryDelayOnFailover: 100,
        maxRedirections: 10,
        slotsRefreshTimeout: timeoutMs,
        redisOptions: {
          ...options,
          ...(username === "" ? {} : { username: decodeURIComponent(username) }),
          ...(password === "" ? {} : { password: decodeURIComponent(password) }),
          ...(protocol === "rediss:" ? { tls: {} } : {}),
        },
      });
    } else {
      this.#client = new Redis(url, { ...common, ...options, retryStrategy: pauseMs });
    }
    // Every call says by itself that there is no connection; without a listener the driver prints it too.
    this.#client.on("error", (error: Error) => {
      this.#lastError = error;
    });
  }

  /** @throws Error if there is no server, or none that lets us in */
  async open(): Promise<void> {
    try {
      await this.#within(this.#client.connect());
    } catch (error) {
      this.#client.disconnect();
      // The driver's own rejection says only that the connection is closed.
      const why = this.#lastError?.message ?? whyOf(error);
      throw new Error(`Redis cannot be reached: ${why}`, { cause: error });
    }
  }

  /** @throws an error of the server's; Error if it cannot be reached, at once if the connection is lost */
  run(script: Script, key: string, ...values: readonly (string | number)[]): Promise<Reply> {
    // Made by the driver from the table of scripts: EVALSHA, and EVAL where the server does not know it.
    const calls = this.#client as unknown as Readonly<Record<Script, Call>>;
    return this.#ask(() => calls[script](key, ...values));
  }

  async fields(key: string): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await this.#ask(() => this.#client.hgetall(key))));
  }

  /** Gives a key a value if it has none; answers the value it has. */
  async keep(key: string, value: string): Promise<string> {
    await this.#ask(() => this.#client.setnx(key, value));
    return (await this.#ask(() => this.#client.get(key))) ?? value;
  }

  async close(): Promise<void> {
    try {
      await this.#within(this.#client.quit());
    } catch {
      this.#client.disconnect();
    }
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await this.#within(question());
    } catch (error) {
      if (error instanceof Error && error.name === "ReplyError") throw error;
      throw new Error(`Redis cannot be reached: ${whyOf(error)}`, { cause: error });
    }
  }

  /** The driver's times are those of one attempt; this is that of all. */
  async #within<T>(answer: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new Error(`no answer within ${this.#timeoutMs} ms`));
    }, this.#timeoutMs);
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
