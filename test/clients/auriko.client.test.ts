import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { afterWords, answers, cuts, fails } from "../failover/upstream.ts";
import type { Act } from "../failover/upstream.ts";
import { hasPythonClients, runPython } from "./python.ts";

/** Does what the prompt says. */
const obeys: Act = (scene) => {
  if (scene.body.includes("fail")) return fails(500)(scene);
  if (scene.body.includes("break off")) return afterWords(3, cuts)(scene);
  return answers(scene);
};

let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["chat", "chat"], {
    keys: [
      { key: "pk-reader", scopes: ["usage:read"] },
      { key: "pk-slow", rateLimitRpm: 1 },
      { key: "pk-old", expiresAt: "2020-01-01T00:00:00Z" },
    ],
  });
  for (const upstream of lab.upstreams) upstream.play(obeys);
});
afterEach(() => lab.close());

describe.skipIf(!hasPythonClients)("the Python package auriko", () => {
  test.each(["parallel", "threads", "responses", "errors"])("%s", async (part) => {
    const ran = await runPython({ args: ["test/clients/auriko_calls.py", part, lab.url] });
    expect(ran.code, ran.output).toBe(0);
  });
});
