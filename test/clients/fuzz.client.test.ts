import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";
import { hasPythonClients, runPython } from "./python.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let served: Served;
beforeAll(async () => {
  served = await serve({
    env: { POINTSMAN_ADMIN_KEY: adminKey, POINTSMAN_SECRET_KEY: "operator-secret-0123456789" },
  });
});
afterAll(() => served.stop());

describe.skipIf(!hasPythonClients)("requests made from /openapi.json", () => {
  test("schemathesis finds no 5xx and nothing beside the document", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pointsman-fuzz-"));
    const ran = await runPython({
      program: "st",
      args: [
        "run",
        served.ready.url.replace("/v1", "/openapi.json"),
        "--header",
        `Authorization: Bearer ${adminKey}`,
        "--checks",
        "not_a_server_error,content_type_conformance,response_schema_conformance",
        // It never ends.
        "--exclude-operation-id",
        "adminLive",
        "--max-examples",
        "40",
        "--seed",
        "1",
        "--request-timeout",
        "20",
        "--no-color",
      ],
      // It leaves files behind.
      cwd: folder,
    });
    rmSync(folder, { recursive: true });
    expect(ran.code, ran.output.slice(-6000)).toBe(0);
    expect(served.isRunning()).toBe(true);
  }, 300_000);
});
