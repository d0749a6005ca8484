import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { emptyUsage } from "@pointsman/core";
import { describeStores } from "@pointsman/store/conformance";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteStores } from "./index.ts";
import { migrations } from "./schema.ts";

let folder = "";
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pointsman-sqlite-"));
});
afterAll(() => rm(folder, { recursive: true }));
const newFile = (): string => join(folder, `${made++}.db`);

describeStores({ describe, test, expect }, async () => {
  const file = newFile();
  const handles = [openSqliteStores(file), openSqliteStores(file)] as const;
  return {
    handles: [...handles],
    close: async () => {
      for (const stores of handles) stores.close();
    },
  };
});

describe("the file", () => {
  test("keeps what was promised, and is opened again", async () => {
    const file = newFile();
    const first = openSqliteStores(file);
    expect(await first.shared.takeToken("b", { capacity: 1, perMinute: 1 }, 0)).toMatchObject({
      allowed: true,
    });
    first.close();
    const second = openSqliteStores(file);
    expect(await second.shared.takeToken("b", { capacity: 1, perMinute: 1 }, 0)).toMatchObject({
      allowed: false,
    });
    second.close();
  });

  test("of an earlier version is brought up to date, and keeps what it has", async () => {
    const file = newFile();
    const raw = new DatabaseSync(file);
    for (const step of migrations.slice(0, 2)) raw.exec(step);
    raw.exec("PRAGMA user_version = 2");
    const entry = {
      id: "e",
      requestId: "r",
      workspaceId: "w",
      keyId: "k",
      atMs: 1_772_625_600_000,
      provider: "openai",
      model: "m",
      tag: "t",
      endsRequest: true,
      outcome: "success",
      usage: { ...emptyUsage, inputTokens: 15, outputTokens: 7 },
      costPicoUsd: 1000,
      estimated: false,
      byok: true,
    };
    raw
      .prepare(
        "INSERT INTO ledger VALUES (?, 'w', 'k', ?, 'openai', 'm', 't', 1, 'success', 15, 7, 1000, 0, ?)",
      )
      .run("e", entry.atMs, JSON.stringify(entry));
    raw.close();
    const stores = openSqliteStores(file);
    expect(await stores.ledger.find("e")).toEqual(entry);
    stores.close();
  });

  test("of a later version is refused, and left as it is", () => {
    const file = newFile();
    openSqliteStores(file).close();
    const raw = new DatabaseSync(file);
    raw.exec("PRAGMA user_version = 99");
    raw.close();
    expect(() => openSqliteStores(file)).toThrow("written by a later one");
  });

  test("what waits when it is closed is done", async () => {
    const file = newFile();
    const stores = openSqliteStores(file);
    const taking = stores.shared.takeToken("b", { capacity: 1, perMinute: 1 }, 0);
    stores.close();
    expect(await taking).toMatchObject({ allowed: true });
  });
});
