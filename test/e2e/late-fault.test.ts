import { afterEach, beforeEach, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";

let lab: Lab;
beforeEach(async () => {
  lab = await startLab(["messages"]);
});
afterEach(() => lab.close());

test("a long text that proves to be no JSON string is the caller's fault, and no provider's", async () => {
  const { url, init } = lab.request({ stream: false });
  if (typeof init.body !== "string") throw new TypeError("the lab sends text");
  const body = init.body.replace("Which track", `${"x".repeat(10_000)}\\x`);
  const answer = await fetch(url, { ...init, body });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: { code: "invalid_request", message: expect.stringContaining("not valid JSON") },
  });
  expect(lab.upstreams[0]?.attempts).toEqual([]);
  // Nothing rests for it.
  expect((await lab.ask({ stream: false })).status).toBe(200);
});
