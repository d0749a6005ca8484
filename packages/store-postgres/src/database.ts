import postgres from "postgres";
import type { Row } from "./row.ts";

/**
 * What a statement is given for `$1`, `$2` …. Of arrays the statement says the type; they have no booleans
 * or bigints, by which the driver would take the whole for one.
 */
export type Value = string | number | bigint | boolean | null | readonly (string | number | null)[];

export type DatabaseOptions = {
  readonly url: string;
  /** Where the tables are; letters, digits and `_`. */
  readonly schema: string;
  readonly maxConnections: number;
  /** Longest wait for an answer, the wait for a free connection included, ms. */
  readonly timeoutMs: number;
};

type Answer = { readonly rows: readonly Row[]; readonly count: number };

type Job = {
  readonly text: string;
  readonly values: readonly Value[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
  /** When it got its connection; `null` = it waits for one. */
  startedAtMs: number | null;
};

type Pool = postgres.Sql<{ bigint: bigint }>;

/** Pause before a connection that was lost is tried again, s: a call that finds none waits no longer. */
const backoffSeconds = 0.2;
/** A connection that nobody needs is given back after this, s. */
const idleSeconds = 300;
/** A pool with a slow connection is replaced this often at most, ms. */
const replacedEveryMs = 10_000;
/** Bringing a schema up to date may take this long, ms. */
const migrationTimeoutMs = 60_000;

/** Whether an error says that no connection could be made. */
const isConnectFault = (error: unknown): boolean =>
  error instanceof Error &&
  (("syscall" in error && error.syscall === "connect") ||
    ("code" in error && error.code === "CONNECT_TIMEOUT"));

/** PostgreSQL's text has no U+0000 and no lone surrogates: U+FFFD stands for both. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

/** For JSONB, whose strings are text as well. */
export const jsonOf = (value: object): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === "string" ? storable(item) : item));

const storableValue = (value: Value): Value =>
  typeof value === "string"
    ? storable(value)
    : Array.isArray(value)
      ? value.map((item: string | number | null) =>
          typeof item === "string" ? storable(item) : item,
        )
      : value;

/**
 * Connections to one PostgreSQL. A statement has a connection of its own while it runs: nothing waits
 * behind another one's lock. What finds none free waits here, not in the driver: a call that was given
 * up is then never carried out later, when nobody settles what it holds.
 */
export class Database {
  /** Quoted, to be put before names. */
  readonly schema: string;
  readonly #connect: () => Pool;
  readonly #maxConnections: number;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<Job>();
  readonly #asked = new Set<Promise<Answer>>();
  #running = 0;
  #pool: Pool;
  #connectedAtMs = 0;
  #answeredAtMs = 0;
  #closed: Promise<void> | null = null;

  /** @throws RangeError if the schema's name is none */
  constructor({ url, schema, maxConnections, timeoutMs }: DatabaseOptions) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/i.test(schema)) {
      throw new RangeError(`a schema's name has letters, digits and "_", at most 63: ${schema}`);
    }
    this.schema = `"${schema}"`;
    this.#maxConnections = maxConnections;
    this.#timeoutMs = timeoutMs;
    this.#connect = () =>
      postgres(url, {
        max: maxConnections,
        connect_timeout: timeoutMs / 1000,
        backoff: () => backoffSeconds,
        idle_timeout: idleSeconds,
        types: { bigint: postgres.BigInt },
        onnotice: () => {},
      });
    this.#pool = this.#connect();
  }

  /** @throws an error of the driver's or the server's; `Error` if no answer came in time */
  async rows(text: string, ...values: readonly Value[]): Promise<readonly Row[]> {
    return (await this.#ask(text, values, this.#timeoutMs)).rows;
  }

  /** As `rows`, for statements that may take longer. */
  async rowsWithin(
    timeoutMs: number,
    text: string,
    ...values: readonly Value[]
  ): Promise<readonly Row[]> {
    return (await this.#ask(text, values, Math.max(timeoutMs, this.#timeoutMs))).rows;
  }

  /** As `rows`: how many rows changed. */
  async changes(text: string, ...values: readonly Value[]): Promise<number> {
    return (await this.#ask(text, values, this.#timeoutMs)).count;
  }

  /** Several statements that stand or fall together, on a connection of their own. */
  async transaction(steps: (sql: postgres.TransactionSql) => Promise<void>): Promise<void> {
    const timer = setTimeout(() => {
      void this.#pool.end({ timeout: 0 });
    }, migrationTimeoutMs);
    try {
      await this.#pool.begin(steps);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What was asked for is waited for, within its time. */
  close(): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#asked).then(() => this.#pool.end({ timeout: 1 }));
    return this.#closed;
  }

  async #ask(text: string, values: readonly Value[], timeoutMs: number): Promise<Answer> {
    if (this.#closed !== null) throw new Error("the stores are closed");
    const asked = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#giveUp(job, timeoutMs);
      }, timeoutMs);
      const stored = values.map(storableValue);
      const job: Job = { text, values: stored, resolve, reject, timer, startedAtMs: null };
      this.#waiting.add(job);
      this.#startWaiting();
    });
    this.#asked.add(asked);
    try {
      return await asked;
    } finally {
      this.#asked.delete(asked);
    }
  }

  #startWaiting(): void {
    for (const job of this.#waiting) {
      if (this.#running >= this.#maxConnections) return;
      this.#waiting.delete(job);
      void this.#run(job);
    }
  }

  async #run(job: Job): Promise<void> {
    this.#running += 1;
    job.startedAtMs = performance.now();
    try {
      // The driver's types want values to be mutable, and do not know arrays with null.
      const values = job.values as unknown as postgres.ParameterOrJSON<bigint>[];
      const rows = await this.#pool.unsafe<Row[]>(job.text, values, { prepare: true });
      job.resolve({ rows, count: rows.count });
    } catch (error) {
      job.reject(error);
      // Who waits would hear the same, later.
      if (isConnectFault(error)) this.#rejectWaiting(error);
    }
    this.#answeredAtMs = performance.now();
    clearTimeout(job.timer);
    this.#running -= 1;
    this.#startWaiting();
  }

  #rejectWaiting(error: unknown): void {
    for (const job of this.#waiting) {
      clearTimeout(job.timer);
      job.reject(error);
    }
    this.#waiting.clear();
  }

  #giveUp(job: Job, timeoutMs: number): void {
    this.#waiting.delete(job);
    job.reject(new Error(`PostgreSQL did not answer within ${timeoutMs} ms`));
    if (job.startedAtMs === null) return;
    // Either its connection is dead and does not know it, or the statement is slow: others on the same pool
    // may end. If nothing at all was answered since, all connections are dead.
    const isSilent = this.#answeredAtMs < job.startedAtMs;
    const nowMs = performance.now();
    if (!isSilent && nowMs - this.#connectedAtMs < replacedEveryMs) return;
    const replaced = this.#pool;
    this.#pool = this.#connect();
    this.#connectedAtMs = nowMs;
    this.#answeredAtMs = nowMs;
    void replaced.end({ timeout: isSilent ? 0 : this.#timeoutMs / 1000 });
  }
}
