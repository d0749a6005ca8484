import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { migrations } from "./schema.ts";

/** A row as SQLite gives it; integers are bigints. */
export type Row = Readonly<Record<string, bigint | number | string | null>>;

/** Longest wait for another process's transaction, ms. */
const busyMs = 5000;

type Job = {
  readonly run: () => unknown;
  /** Writes nothing before it may throw, so that there is nothing to undo. */
  readonly plain: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

const asRow = (row: Record<string, unknown>): Row => row as Row;

export const numberOf = (row: Row, name: string): number => Number(row[name]);
export const bigintOf = (row: Row, name: string): bigint => BigInt(row[name] ?? 0);
export const textOf = (row: Row, name: string): string => String(row[name]);
export const nullableTextOf = (row: Row, name: string): string | null => {
  const value = row[name];
  return value === null || value === undefined ? null : String(value);
};
export const nullableNumberOf = (row: Row, name: string): number | null => {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
};

/** What is kept in memory of a file. */
export type Kept = {
  /** Another process has written, or a transaction was undone. */
  outdated(): void;
  /** Writes what steps have changed; within their transaction. */
  flush(): void;
};

/**
 * One SQLite file. What is asked for in one turn of the event loop is done in one transaction (group
 * commit): its promises resolve once it is durable, each of its steps stands or falls by itself.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #kept: Kept[] = [];
  #jobs: Job[] = [];
  /** Changes whenever another connection has written. */
  #version: bigint | number | string | null = null;

  /** @param durable survives a power cut too, not only the process's end; slower */
  constructor(file: string, durable: boolean) {
    this.#db = new DatabaseSync(file, { timeout: busyMs });
    this.#db.exec("PRAGMA journal_mode = WAL");
    this.#db.exec(`PRAGMA synchronous = ${durable ? "FULL" : "NORMAL"}`);
    this.#migrate();
  }

  /** Runs `step` within a transaction; what it throws undoes it alone. */
  write<T>(step: () => T): Promise<T> {
    return this.#queue(step, false);
  }

  /** The same for a step that writes nothing before it may throw: there is nothing to undo. */
  writePlain<T>(step: () => T): Promise<T> {
    return this.#queue(step, true);
  }

  /** Keeps what is kept beside the file in step with it. */
  attach(kept: Kept): void {
    this.#kept.push(kept);
  }

  #queue<T>(run: () => T, plain: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ run, plain, resolve: resolve as (value: unknown) => void, reject });
      if (this.#jobs.length === 1) setImmediate(() => this.#commit());
    });
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | null {
    const row = this.#statement(sql).get(...values);
    return row === undefined ? null : asRow(row);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql)
      .all(...values)
      .map((row) => asRow(row));
  }

  /** Returns how many rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** What waits is done first. */
  close(): void {
    this.#commit();
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReadBigInts(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #commit(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const settle: (() => void)[] = [];
    try {
      this.run("BEGIN IMMEDIATE");
      const version = this.get("PRAGMA data_version")?.["data_version"] ?? null;
      if (version !== this.#version) for (const kept of this.#kept) kept.outdated();
      this.#version = version;
      for (const job of jobs) settle.push(this.#step(job));
      for (const kept of this.#kept) kept.flush();
      this.run("COMMIT");
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      for (const kept of this.#kept) kept.outdated();
      for (const { reject } of jobs) reject(error);
      return;
    }
    for (const done of settle) done();
  }

  #step({ run, plain, resolve, reject }: Job): () => void {
    if (plain) {
      try {
        const value = run();
        return () => resolve(value);
      } catch (error) {
        return () => reject(error);
      }
    }
    this.run("SAVEPOINT step");
    try {
      const value = run();
      this.run("RELEASE step");
      return () => resolve(value);
    } catch (error) {
      this.run("ROLLBACK TO step");
      this.run("RELEASE step");
      return () => reject(error);
    }
  }

  #migrate(): void {
    this.#db.exec("BEGIN IMMEDIATE");
    const version = Number(this.get("PRAGMA user_version")?.["user_version"] ?? 0);
    if (version > migrations.length) {
      this.#db.exec("ROLLBACK");
      throw new RangeError(
        `the file has schema ${version}, this version knows up to ${migrations.length}: it was written by a later one`,
      );
    }
    for (const step of migrations.slice(version)) this.#db.exec(step);
    this.#db.exec(`PRAGMA user_version = ${migrations.length}`);
    this.#db.exec("COMMIT");
  }
}
