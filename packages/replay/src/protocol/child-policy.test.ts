import { describe, expect, it } from "vitest";
import { helloOf } from "../drive/hello.ts";
import { plainProvider, testWorld } from "../replay.fixture.ts";
import type { Policy } from "../policy/policy.ts";
import { childPolicy } from "./child-policy.ts";

const hello = helloOf(testWorld(plainProvider("p")), "cost");
const request = {
  type: "request",
  id: "a",
  t_ms: 0,
  model: "m",
  in_tokens: 1,
  blocks: [],
} as const;

/** A child that answers each line that is no event with the next of these. */
const answering = (...answers: readonly string[]): Policy =>
  childPolicy({
    command: process.execPath,
    args: [
      "--input-type=module",
      "--eval",
      `import { createInterface } from "node:readline";
       const answers = ${JSON.stringify(answers)};
       for await (const line of createInterface({ input: process.stdin })) {
         if (line.includes('"end"')) break;
         if (line.includes('"event"')) continue;
         const answer = answers.shift();
         if (answer === "exit") process.exit(3);
         if (answer !== undefined) console.log(answer);
       }`,
    ],
    decisionTimeoutMs: 2000,
  });

const ready = '{"type":"ready","name":"child"}';

describe("a policy in a child process", () => {
  it("answers, with chatter and unknown fields passed over", async () => {
    const policy = answering(
      `starting\n${ready}`,
      '{"type":"decision","id":"a","provider":"p","mood":"good"}',
    );
    expect(await policy.hello(hello)).toEqual({ type: "ready", name: "child" });
    expect(await policy.decide(request)).toEqual({ type: "decision", id: "a", provider: "p" });
    await policy.end?.();
  });

  it.each([
    ['{"type":"decision","id":"b","provider":"p"}', "expected a decision for a"],
    ['{"type":"decision","id":"a"}', "provider"],
    ["{", "not JSON"],
    ["exit", "the policy has ended with 3"],
  ])("fails for %s", async (answer, reason) => {
    const policy = answering(ready, answer);
    await policy.hello(hello);
    await expect(policy.decide(request)).rejects.toThrow(reason);
    await Promise.resolve(policy.end?.()).catch(() => {});
  });

  it("fails for a child that does not answer in time", async () => {
    const policy = answering(ready);
    await policy.hello(hello);
    await expect(policy.decide(request)).rejects.toThrow("no answer within 2000 ms");
    await expect(policy.end?.()).rejects.toThrow("the policy has ended");
  });

  it("fails for a command that is not there", async () => {
    const policy = childPolicy({ command: "/no/such/command", args: [] });
    await expect(policy.hello(hello)).rejects.toThrow("ENOENT");
  });
});
