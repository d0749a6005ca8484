import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";
import { hasPythonClients, runPython } from "./python.ts";

let served: Served;
/** CrewAI leaves files at home. */
let home: string;
beforeAll(async () => {
  served = await serve();
  home = mkdtempSync(join(tmpdir(), "pointsman-home-"));
});
afterAll(async () => {
  rmSync(home, { recursive: true });
  await served.stop();
});

const missing = "the Python clients are not installed: npm run test:clients installs them";

describe.skipIf(!hasPythonClients)(hasPythonClients ? "Python clients" : missing, () => {
  test.each([
    "openai_python.py",
    "anthropic_python.py",
    "auriko_python.py",
    "langchain_python.py",
    "llamaindex_python.py",
    "openai_agents_python.py",
    "google_adk_python.py",
    "crewai_python.py",
  ])("docs/clients/%s runs as it stands", async (file) => {
    const ran = await runPython({
      args: [`docs/clients/${file}`],
      env: {
        HOME: home,
        CREWAI_DISABLE_TELEMETRY: "true",
        POINTSMAN_BASE_URL: served.ready.url,
        POINTSMAN_API_KEY: served.ready.key ?? "",
      },
      list: file.startsWith("crewai") ? "crewai" : "clients",
    });
    expect(ran.code, ran.output).toBe(0);
    expect(ran.output.trimEnd().split("\n").at(-1)).toBe("ok");
  });
});
