import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { startLab, surfaces } from "./lab.ts";
import type { Got, Lab } from "./lab.ts";
import { until } from "./until.ts";
import { afterWords, answers, drips, fails, hangs, story } from "./upstream.ts";
import type { Act, Attempt, Upstream } from "./upstream.ts";

let labs: Lab[] = [];
afterEach(async () => {
  await Promise.all(labs.map((lab) => lab.close()));
  labs = [];
});
const start = async (...args: Parameters<typeof startLab>): Promise<Lab> => {
  const lab = await startLab(...args);
  labs.push(lab);
  return lab;
};

const whole = story.join("");
const upstreamOf = (lab: Lab, index: number): Upstream => {
  const upstream = lab.upstreams[index];
  if (upstream === undefined) throw new Error(`no upstream ${index}`);
  return upstream;
};
const total = (lab: Lab): number =>
  lab.upstreams.reduce((sum, { attempts }) => sum + attempts.length, 0);

/** So many requests, so many at a time. */
const storm = async (lab: Lab, count: number, concurrency: number): Promise<readonly Got[]> => {
  const got: Got[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      const surface = surfaces[at % surfaces.length] ?? "chat";
      got.push(await lab.ask({ surface, stream: at % 2 === 0 }));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return got;
};

describe("a caller who leaves", () => {
  const leavesAfter = async (act: Act, ms: number): Promise<{ lab: Lab; attempt: Attempt }> => {
    const lab = await start([{ wire: "chat", timeouts: { firstContentMs: 9000 } }, "chat"]);
    upstreamOf(lab, 0).play(act);
    const leaving = new AbortController();
    const asked = lab.ask({ signal: leaving.signal }).catch(() => null);
    await until(() => total(lab) === 1);
    await sleep(ms);
    leaving.abort();
    const leftAtMs = performance.now();
    await asked;
    const [attempt] = upstreamOf(lab, 0).attempts;
    if (attempt === undefined) throw new Error("nothing was asked");
    await until(() => attempt.aborted);
    expect((attempt.abortedAtMs ?? Infinity) - leftAtMs).toBeLessThan(1000);
    await until(() => total(lab) === 1);
    return { lab, attempt };
  };

  test.concurrent.each([
    ["before the first byte", hangs, 100],
    ["in the middle", afterWords(3, () => {}), 150],
    ["while words drip", drips(60), 150],
  ] as const)(
    "%s: the provider is left within a second, and nobody else asked",
    async (...args) => {
      const [, act, ms] = args;
      const { lab } = await leavesAfter(act, ms);
      expect(upstreamOf(lab, 1).attempts).toHaveLength(0);
    },
  );

  test("while a pause is waited out: nothing is tried any more", async () => {
    const lab = await start(["chat"]);
    upstreamOf(lab, 0).play(fails(429, { headers: { "retry-after": "1" } }), answers);
    const leaving = new AbortController();
    const asked = lab.ask({ signal: leaving.signal }).catch(() => null);
    await until(() => total(lab) === 1);
    leaving.abort();
    await asked;
    await sleep(1300);
    expect(total(lab)).toBe(1);
  });

  test("is no fault of the provider's: it is asked again", async () => {
    const lab = await start(["chat", "chat"]);
    for (let left = 0; left < 8; left += 1) {
      upstreamOf(lab, 0).play(hangs);
      const asked = lab.ask({ signal: AbortSignal.timeout(40) }).catch(() => null);
      await asked;
    }
    upstreamOf(lab, 0).play(answers);
    expect(await lab.ask()).toMatchObject({ text: whole, finished: true });
    expect(upstreamOf(lab, 1).attempts).toHaveLength(0);
  });
});

describe("connections", () => {
  test("one that is refused is passed over within two seconds", async () => {
    const lab = await start(["chat", "chat"]);
    await upstreamOf(lab, 0).close();
    for (const surface of surfaces) {
      const got = await lab.ask({ surface });
      expect(got).toMatchObject({ text: whole, finished: true });
      expect(got.tookMs).toBeLessThan(2000);
    }
  });

  test("a kept-alive one that died while idle is no failure", async () => {
    const lab = await start(["chat", "chat"]);
    // The provider closes the connection just as the second request comes in on it.
    const seen = new Set<unknown>();
    upstreamOf(lab, 0).play((scene) => {
      if (seen.has(scene.socket)) return void scene.socket.resetAndDestroy();
      seen.add(scene.socket);
      return answers(scene);
    });
    expect(await lab.ask()).toMatchObject({ finished: true });
    const again = await lab.ask();
    expect(again).toMatchObject({ text: whole, finished: true });
    expect(upstreamOf(lab, 0).attempts).toHaveLength(3);
    expect(upstreamOf(lab, 1).attempts).toHaveLength(0);
    // Free of charge, and not held against it.
    expect(again.metadata?.attempts).toBeUndefined();
  });
});

describe("rests", () => {
  test("a shorter wish does not shorten a longer rest", async () => {
    const lab = await start(["chat", "chat"]);
    let count = 0;
    upstreamOf(lab, 0).play(async ({ response }) => {
      const seconds = count++ === 0 ? 60 : 1;
      // The longer wish is told first.
      await sleep(seconds === 60 ? 20 : 120);
      response.writeHead(429, { "retry-after": String(seconds) });
      response.end("{}");
    });
    await Promise.all([
      lab.ask({ routing: { optimize: "ttft" } }),
      lab.ask({ routing: { optimize: "ttft" } }),
    ]);
    await sleep(1200);
    const asked = upstreamOf(lab, 0).attempts.length;
    expect(await lab.ask()).toMatchObject({ finished: true });
    expect(upstreamOf(lab, 0).attempts).toHaveLength(asked);
  });

  test("a breaker whose rest is over lets one probe through, all others go elsewhere", async () => {
    const lab = await start([
      {
        wire: "chat",
        timeouts: { firstContentMs: 9000, answerMs: 9000 },
        more: { health: { openAfter: 3, restMs: 300 } },
      },
      "chat",
    ]);
    upstreamOf(lab, 0).play(fails(500));
    await storm(lab, 6, 1);
    await sleep(400);
    // The probe is answered once all others are.
    let others = 0;
    upstreamOf(lab, 0).play(async (scene) => {
      await until(() => others >= 49);
      return answers(scene);
    });
    upstreamOf(lab, 1).play((scene) => {
      others += 1;
      return answers(scene);
    });
    const got = await storm(lab, 50, 50);
    expect(got.every(({ finished, text }) => finished && text === whole)).toBe(true);
    expect(upstreamOf(lab, 0).attempts).toHaveLength(1);
    // It answered: the breaker is closed again.
    await lab.ask();
    expect(upstreamOf(lab, 0).attempts.length).toBeGreaterThan(1);
  });

  test("streams that die in the middle open the breaker too", async () => {
    const lab = await start([
      { wire: "chat", more: { health: { openAfter: 3, restMs: 9000 } } },
      "chat",
    ]);
    upstreamOf(lab, 0).play(afterWords(3, ({ socket }) => void socket.destroy()));
    for (let asked = 0; asked < 4; asked += 1) {
      expect(await lab.ask()).toMatchObject({ text: whole, finished: true });
    }
    expect(upstreamOf(lab, 0).attempts).toHaveLength(3);
  });

  test("all resting: an error at once, with the earliest moment", async () => {
    const lab = await start(["chat", "chat"]);
    upstreamOf(lab, 0).play(fails(429, { headers: { "retry-after": "50" } }));
    upstreamOf(lab, 1).play(fails(429, { headers: { "retry-after": "20" } }));
    await lab.ask();
    const asked = total(lab);
    for (const surface of surfaces) {
      const got = await lab.ask({ surface });
      expect(got).toMatchObject({ status: 429, error: "rate_limit_exceeded" });
      expect(Number(got.headers.get("retry-after"))).toBeLessThanOrEqual(20);
      expect(got.tookMs).toBeLessThan(500);
    }
    expect(total(lab)).toBe(asked);
  });
});

describe("places at a provider", () => {
  test("no more calls at a time than configured; whoever finds none waits", async () => {
    let running = 0;
    let most = 0;
    const lab = await start([{ wire: "chat", more: { limits: { concurrency: 3 } } }]);
    upstreamOf(lab, 0).play(async (scene) => {
      most = Math.max(most, ++running);
      await sleep(40);
      running -= 1;
      return answers(scene);
    });
    const got = await storm(lab, 30, 15);
    expect(got.every(({ finished }) => finished)).toBe(true);
    expect(most).toBe(3);
  });
});

describe("storms", () => {
  test("the first provider down: all are answered, and few are asked twice", async () => {
    const lab = await start(["chat", "messages"]);
    upstreamOf(lab, 0).play(fails(503));
    const got = await storm(lab, 200, 20);
    expect(got.filter(({ finished, text }) => !finished || text !== whole)).toEqual([]);
    expect(total(lab)).toBeLessThanOrEqual(2 * 200);
    // Once its breaker is open.
    const before = total(lab);
    await storm(lab, 200, 20);
    expect(total(lab) - before).toBeLessThanOrEqual(1.3 * 200);
  });

  test("all down: clean errors, no storm, and nobody waits for a deadline", async () => {
    const lab = await start(["chat", "messages", "gemini"]);
    for (const upstream of lab.upstreams) upstream.play(fails(503));
    const got = await storm(lab, 200, 20);
    expect(total(lab)).toBeLessThanOrEqual(2 * 200);
    for (const { status, error, headers, tookMs, finished } of got) {
      expect([502, 503]).toContain(status);
      expect(["upstream_error", "no_provider_available"]).toContain(error);
      expect(headers.get("x-should-retry")).toBe("true");
      if (status === 503) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(tookMs).toBeLessThan(3000);
      expect(finished).toBe(false);
    }
  });

  test("flapping: served throughout, and the first is used again after its recovery", async () => {
    const lab = await start([
      { wire: "chat", more: { health: { openAfter: 3, restMs: 400 } } },
      "chat",
    ]);
    for (let flap = 0; flap < 3; flap += 1) {
      upstreamOf(lab, 0).play(fails(503));
      const down = await storm(lab, 20, 5);
      expect(down.every(({ finished }) => finished)).toBe(true);
      upstreamOf(lab, 0).play(answers);
      await sleep(1000);
      const up = await storm(lab, 20, 5);
      expect(up.every(({ finished }) => finished)).toBe(true);
      expect(upstreamOf(lab, 0).attempts.length).toBeGreaterThan(0);
    }
  });
});
