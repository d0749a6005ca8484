import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { startLab } from "./lab.ts";
import type { Got, Lab, ProviderSpec } from "./lab.ts";
import {
  afterWords,
  answers,
  cuts,
  fails,
  hangs,
  openThen,
  refusesPrefill,
  resets,
  sends,
  story,
} from "./upstream.ts";
import type { Act } from "./upstream.ts";
import type { Wire } from "./wire-answer.ts";

/**
 * The sixteen scenarios of the public catalogue failoverbench (September 2026): one streamed chat request, a
 * primary with a fault, a healthy fallback. Its times are a request's 30 s, a first token's 20 s, a stall's
 * 30 s; here they are 0.6, 0.4 and 0.4 s.
 */
type Bench = {
  readonly id: string;
  readonly title: string;
  readonly primary: readonly [Act, ...Act[]];
  readonly fallback?: readonly [Act, ...Act[]];
  readonly specs?: readonly (Wire | ProviderSpec)[];
  /** What a pass is; the whole answer, unless an error is called for. */
  readonly pass: (seen: {
    readonly got: Got;
    readonly lab: Lab;
    /** Attempts at primary and fallback. */
    readonly asked: readonly [number, number];
  }) => void;
};

const whole = story.join("");
const isWhole = (got: Got): void => {
  expect(got).toMatchObject({ status: 200, text: whole, finished: true, error: null });
  expect(got.violations).toEqual([]);
};

const prefilling: ProviderSpec = { wire: "messages", model: { capabilities: { prefill: true } } };

const benches: readonly Bench[] = [
  {
    id: "S01",
    title: "429 with Retry-After once",
    primary: [fails(429, { headers: { "retry-after": "2" } }), answers],
    pass: ({ got, lab, asked }) => {
      isWhole(got);
      expect(asked).toEqual([2, 0]);
      const [first, second] = lab.upstreams[0]?.attempts ?? [];
      expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1990);
    },
  },
  {
    id: "S02",
    title: "429 for good, without a header",
    primary: [fails(429)],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked[0]).toBeLessThanOrEqual(4);
      expect(asked[1]).toBe(1);
    },
  },
  {
    id: "S03",
    title: "500 once",
    primary: [fails(500), answers],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked).toEqual([2, 0]);
    },
  },
  {
    id: "S04",
    title: "503 for good",
    primary: [fails(503)],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked).toEqual([2, 1]);
    },
  },
  {
    id: "S05",
    title: "reset before headers",
    primary: [resets, answers],
    pass: ({ got }) => {
      isWhole(got);
    },
  },
  {
    id: "S06",
    title: "no response at all",
    primary: [hangs],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked).toEqual([1, 1]);
    },
  },
  {
    id: "S07",
    title: "headers at once, first token very late",
    primary: [
      openThen(async (scene) => {
        await sleep(3000);
        scene.response.end([...scene.events.content, ...scene.events.closing].join(""));
      }),
    ],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(got.tookMs).toBeLessThan(2000);
      expect(asked).toEqual([1, 1]);
    },
  },
  {
    id: "S08",
    title: "stream cut in the middle",
    primary: [afterWords(4, cuts)],
    pass: ({ got }) => {
      isWhole(got);
    },
  },
  {
    id: "S09",
    title: "stream stalls",
    primary: [
      afterWords(4, async ({ socket }) => {
        await sleep(3000);
        socket.destroy();
      }),
    ],
    pass: ({ got }) => {
      isWhole(got);
      expect(got.tookMs).toBeLessThan(2500);
    },
  },
  {
    id: "S10",
    title: "a malformed chunk",
    primary: [
      afterWords(4, (scene) => {
        const rest = [...scene.events.content.slice(4), ...scene.events.closing].join("");
        scene.response.end(`data: {"choices":[{"delta":{"content":\n\n${rest}`);
      }),
    ],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked).toEqual([1, 0]);
    },
  },
  {
    id: "S11",
    title: "no [DONE]",
    primary: [sends((text) => text.replace("data: [DONE]\n\n", ""))],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(got.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 8 });
      expect(got.tookMs).toBeLessThan(8000);
      expect(asked).toEqual([1, 0]);
    },
  },
  {
    id: "S12",
    title: "context length exceeded",
    primary: [fails(400, { code: "context_length_exceeded", message: "Too long." })],
    specs: ["chat", { wire: "chat", model: { contextWindow: 400_000 } }],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked).toEqual([1, 1]);
    },
  },
  {
    id: "S13",
    title: "content-filter rejection",
    primary: [fails(400, { code: "content_policy_violation", message: "Refused by the filter." })],
    pass: ({ got, asked }) => {
      expect(got).toMatchObject({ status: 400, error: "content_filtered" });
      expect(got.message).toContain("Refused by the filter.");
      expect(asked).toEqual([1, 0]);
    },
  },
  {
    id: "S14",
    title: "cut, and the fallback refuses a prefill",
    primary: [afterWords(4, cuts)],
    fallback: [refusesPrefill(answers)],
    specs: ["chat", prefilling],
    pass: ({ got }) => {
      isWhole(got);
    },
  },
  {
    id: "S16",
    title: "accounting of a fail-over",
    primary: [fails(503)],
    fallback: [answers],
    pass: ({ got, asked }) => {
      isWhole(got);
      expect(asked[1]).toBe(1);
      expect(got.metadata).toMatchObject({ provider: "p1" });
      // 11 tokens at 5 and 8 at 10 USD a million: the fallback's prices.
      expect(got.metadata?.cost.usd).toBeCloseTo((11 * 5 + 8 * 10) / 1e6, 12);
      expect(got.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 8 });
    },
  },
];

test.concurrent.each(benches)("$id $title", async ({ primary, fallback, specs, pass }) => {
  const lab = await startLab(specs ?? ["chat", "chat"]);
  try {
    lab.upstreams[0]?.play(...primary);
    lab.upstreams[1]?.play(...(fallback ?? [answers]));
    const got = await lab.ask();
    const [first = 0, second = 0] = lab.upstreams.map(({ attempts }) => attempts.length);
    pass({ got, lab, asked: [first, second] });
    // Alive after.
    lab.upstreams[0]?.play(answers);
    lab.upstreams[1]?.play(answers);
    isWhole(await lab.ask());
  } finally {
    await lab.close();
  }
});

// With the breakers as they come: ten seconds of rest.
test.concurrent("S15 the primary flaps: all served, and it is used again within 30 s", async () => {
  const lab = await startLab(["chat", "chat"]);
  try {
    lab.upstreams[0]?.play(fails(503));
    for (let second = 0; second < 3; second += 1) {
      for (let asked = 0; asked < 3; asked += 1) isWhole(await lab.ask());
      await sleep(1000);
    }
    lab.upstreams[0]?.play(answers);
    const recoveredMs = performance.now();
    while (lab.upstreams[0]?.attempts.length === 0) {
      expect(performance.now() - recoveredMs).toBeLessThan(30_000);
      isWhole(await lab.ask());
      await sleep(250);
    }
  } finally {
    await lab.close();
  }
}, 60_000);
