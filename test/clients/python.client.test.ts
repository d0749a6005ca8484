import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serve } from "../support/pointsman.ts";
import type { Served } from "../support/pointsman.ts";
import { hasPythonClients, runPython } from "./python.ts";

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.stop());

const missing = "the Python clients are not installed: npm run test:clients installs them";

describe.skipIf(!hasPythonClients)(hasPythonClients ? "Python clients" : missing, () => {
  test.each([
    "openai_python.py",
    "anthropic_python.py",
    "auriko_python.py",
    "langchain_python.py",
    "llamaindex_python.py",
    "openai_agents_python.py",
  ])("docs/clients/%s runs as it stands", async (file) => {
    const ran = await runPython("python", [`docs/clients/${file}`], {
      POINTSMAN_BASE_URL: served.ready.url,
      POINTSMAN_API_KEY: served.ready.key ?? "",
    });
    expect(ran.code, ran.output).toBe(0);
    expect(ran.output.trimEnd().split("\n").at(-1)).toBe("ok");
  });
});
