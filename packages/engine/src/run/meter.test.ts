import { afterEach, expect, test } from "vitest";
import { createManualClock } from "../../test/manual-clock.ts";
import { leadTokens, Meter } from "./meter.ts";
import type { MeterTerms } from "./meter.ts";
import type { Purse, PurseAnswer, PurseExtension } from "./purse.ts";
import { Transcript } from "./transcript.ts";

const terms: MeterTerms = {
  attempt: 1,
  promptPicoUsd: 1000,
  tokenPicoUsd: 2,
  heldPicoUsd: 1000 + 2 * 500,
  mostTokens: 10_000,
  leaseMs: 90_000,
};

const granted = (heldPicoUsd: number): PurseAnswer => ({
  status: "granted",
  heldPicoUsd,
  roomPicoUsd: 0n,
});

const start = (over: Partial<MeterTerms> = {}) => {
  const clock = createManualClock();
  const told: string[] = [];
  const asked: PurseExtension[] = [];
  const answers: ((answer: PurseAnswer) => void)[] = [];
  const purse: Purse = {
    reserve: () => Promise.reject(new Error("it was reserved before")),
    extend: (extension) => {
      asked.push(extension);
      return new Promise((resolve) => answers.push(resolve));
    },
    settle: () => Promise.resolve(),
  };
  const metered = {
    hold: () => void told.push("hold"),
    goOn: () => void told.push("go on"),
    stop: () => void told.push("stop"),
  };
  const meter = new Meter(purse, { ...terms, ...over }, { clock, metered });
  meters.push(meter);
  const transcript = new Transcript("chat_completions");
  const say = (bytes: number): void => {
    transcript.add({ kind: "text", choice: 0, text: "x".repeat(bytes) });
    meter.heard(transcript);
  };
  const answer = async (with_: PurseAnswer): Promise<void> => {
    answers.shift()?.(with_);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { clock, told, asked, say, answer, meter };
};

const meters: Meter[] = [];
afterEach(() => {
  for (const meter of meters.splice(0)) meter.close();
});

test("nothing is asked for while what is held is ahead of what was seen", () => {
  const { asked, say, told } = start();
  // 64 tokens for the block, 256 ahead: 180 bytes are left of 500.
  say(100);
  say(80);
  expect([asked, told]).toEqual([[], []]);
  say(1);
  expect(told).toEqual(["hold"]);
  expect(asked).toEqual([
    {
      attempt: 1,
      leastTotalPicoUsd: 1000 + 2 * (181 + 64 + leadTokens),
      wantedTotalPicoUsd: 1000 + 2 * (2 * (181 + 64) + leadTokens + 1024),
      leaseMs: 90_000,
    },
  ]);
});

test("it is asked for once, read on when it is there, and never beyond what was allowed", async () => {
  const { asked, say, answer, told } = start({ mostTokens: 700 });
  say(400);
  say(10);
  expect(asked.map((one) => one.wantedTotalPicoUsd)).toEqual([1000 + 2 * 700]);
  await answer(granted(1000 + 2 * 700));
  expect(told).toEqual(["hold", "go on"]);
  say(5000);
  expect(asked).toHaveLength(1);
});

test("where there is no more the attempt is stopped, once", async () => {
  const { say, answer, told } = start();
  say(400);
  await answer({
    status: "refused",
    error: { code: "budget_exhausted", message: "", param: null },
  });
  say(400);
  expect(told).toEqual(["hold", "stop"]);
});

test("the lease is renewed thrice before it runs out, until the attempt is over", async () => {
  const { clock, asked, answer, meter, say } = start();
  clock.advance(30_000);
  expect(asked).toEqual([
    { attempt: 1, leastTotalPicoUsd: 0, wantedTotalPicoUsd: 0, leaseMs: 90_000 },
  ]);
  await answer(granted(2000));
  clock.advance(60_000);
  expect(asked).toHaveLength(3);
  meter.close();
  clock.advance(90_000);
  say(9000);
  expect(asked).toHaveLength(3);
});

test("what came meanwhile is looked at once the answer is there", async () => {
  const { say, answer, asked, told } = start();
  say(200);
  say(3000);
  expect(asked).toHaveLength(1);
  await answer(granted(1000 + 2 * 600));
  expect(asked).toHaveLength(2);
  expect(told).toEqual(["hold", "go on", "hold"]);
});
