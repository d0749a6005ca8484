import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStores } from "@pointsman/store-sqlite";
import { test } from "vitest";
import { underFire } from "./fire.ts";

test("two gateways on one SQLite file, under fire", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pointsman-fire-"));
  const file = join(folder, "money.db");
  const stores = openSqliteStores(file);
  try {
    await underFire({ state: `sqlite:${file}`, stores, processes: 2, requests: 1000 });
  } finally {
    stores.close();
    await rm(folder, { recursive: true });
  }
}, 120_000);
