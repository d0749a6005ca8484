import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasPythonClients, runPython } from "./python.ts";
import { startSlowLab } from "./slow-lab.ts";
import type { SlowLab } from "./slow-lab.ts";

let lab: SlowLab;
beforeEach(async () => {
  lab = await startSlowLab();
});
afterEach(() => lab.close());

describe.skipIf(!hasPythonClients)("Python clients", () => {
  test.each([
    "openai, chat",
    "openai, Responses",
    "openai, async",
    "openai, async, cancelled",
    "anthropic",
    "anthropic, async",
    "auriko, chat",
    "auriko, Responses",
    "auriko, async",
    "auriko, async, cancelled",
  ])(
    "%s: who leaves in the midst of an answer ends it at the provider, and pays what was said",
    async (name) => {
      const ran = await runPython({ args: ["test/clients/leave.py", name, lab.url, lab.apiKey] });
      expect(ran.code, ran.output).toBe(0);
      await lab.expectLeft(Number(ran.output));
    },
  );
});
