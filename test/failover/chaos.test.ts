import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createCountingClock } from "./counting-clock.ts";
import { startLab, surfaces } from "./lab.ts";
import type { Lab } from "./lab.ts";
import { until } from "./until.ts";
import {
  afterWords,
  answers,
  calls,
  cuts,
  drones,
  endsEarly,
  fails,
  goesOn,
  hangs,
  opensAndHangs,
  raw,
  resets,
  says,
  story,
  tellsError,
} from "./upstream.ts";
import type { Act } from "./upstream.ts";
import type { Wire } from "./wire-answer.ts";

const other = ["Ask", " the", " signalman", " at", " box", " four", "."] as const;
const stories = [story.join(""), other.join("")];
const call = 'get_weather({"city": "Olten"})'.replaceAll(" ", "");

/** Acts by name, so that a counterexample can be read. */
const acts: Readonly<Record<string, Act>> = {
  answers,
  "answers otherwise": says(other),
  calls: calls(answers),
  "500": fails(500),
  "503": fails(503),
  "429": fails(429),
  "429 short": fails(429, { headers: { "retry-after-ms": "40" } }),
  "401": fails(401),
  "400": fails(400),
  hangs,
  "opens and hangs": opensAndHangs,
  "comments only": drones(() => ": \n\n"),
  resets,
  "nothing under 200": raw(""),
  "a page": raw("<html></html>", "text/html"),
  "cut at 0": afterWords(0, cuts),
  "cut at 2": afterWords(2, cuts),
  "cut at 5": afterWords(5, cuts),
  "cut at 2, otherwise": says(other, afterWords(2, cuts)),
  "cut in a call": calls(afterWords(story.length + 2, cuts)),
  "ends early": afterWords(4, endsEarly),
  "error in the middle": afterWords(3, tellsError),
  stalls: afterWords(3, () => {}),
  "malformed in the middle": afterWords(3, async (scene) => {
    scene.response.write("data: {\n\n");
    await goesOn(3)(scene);
  }),
};

/** A model that was given the beginning of a story goes on with that story. */
const goingOn =
  (act: Act): Act =>
  (scene) => {
    for (const words of [story, other]) {
      for (let count = words.length; count > 0; count -= 1) {
        const given = JSON.stringify(words.slice(0, count).join(""));
        if (!scene.body.includes(given)) continue;
        const goOn: Act = (same) => act({ ...same, given: true });
        return says(words.slice(count), goOn)(scene);
      }
    }
    return act(scene);
  };

const script = fc.array(fc.constantFrom(...Object.keys(acts)), { minLength: 1, maxLength: 3 });
const wire = fc.constantFrom<Wire>("chat", "messages", "gemini");

const request = fc.record({
  wires: fc.tuple(wire, wire, wire),
  scripts: fc.tuple(script, script, script),
  surface: fc.constantFrom(...surfaces),
  stream: fc.boolean(),
  prefill: fc.boolean(),
  rescue: fc.constantFrom("auto", "off"),
  buffer: fc.constantFrom(0, 0, 3, "whole"),
  leavesAfterMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat({ max: 200 }) },
  ),
});

const timeouts = { firstContentMs: 120, silenceMs: 120, answerMs: 150, connectMs: 500 };

/** What core believes to be under way. */
const inFlight = ({ gateway }: Lab): number =>
  [...gateway.engine.state.learned.tracks.values()].reduce(
    (sum, { health }) => sum + health.inFlight,
    0,
  );

test("random faults: one whole answer or one explicit error, never a mixture, and nothing is left", async () => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  const seen = { whole: 0, errors: 0, begun: 0, left: 0 };
  await fc.assert(
    fc.asyncProperty(request, async (one) => {
      const clock = createCountingClock();
      const capabilities = one.prefill ? { prefill: true } : {};
      const lab = await startLab(
        one.wires.map((of) => ({ wire: of, timeouts, model: { capabilities } })),
        { clock, workspace: { rescue: one.rescue, buffer: one.buffer } },
      );
      // What the gateway has whether it is asked or not.
      const ownTimers = clock.running();
      try {
        for (const [index, names] of one.scripts.entries()) {
          const [first = answers, ...rest] = names.map((name) => goingOn(acts[name] ?? answers));
          lab.upstreams[index]?.play(first, ...rest);
        }
        const { surface, stream, leavesAfterMs } = one;
        const leaving =
          leavesAfterMs === null ? {} : { signal: AbortSignal.timeout(leavesAfterMs) };
        const got = await lab.ask({ surface, stream, ...leaving }).catch(() => null);
        if (got === null) {
          seen.left += 1;
          expect(leavesAfterMs).not.toBeNull();
        } else {
          const asked = lab.upstreams.reduce((sum, { attempts }) => sum + attempts.length, 0);
          expect(got.violations).toEqual([]);
          // Exactly one of the two.
          expect(got.finished).toBe(got.error === null);
          expect(got.finished && got.status !== 200).toBe(false);
          if (got.finished) {
            seen.whole += 1;
            expect(stories).toContain(got.text);
            if (got.calls.length > 0)
              expect(got.calls.map((c) => c.replaceAll(" ", ""))).toEqual([call]);
            // Each attempt is told and paid once; only a repeat on a fresh connection is free.
            const told = got.metadata?.attempts?.length ?? 1;
            expect(told).toBeLessThanOrEqual(asked);
            expect(told).toBeGreaterThanOrEqual(asked - 1);
            expect(got.metadata?.cost.usd).toBeGreaterThan(0);
          } else {
            seen.errors += 1;
            if (got.text !== "") seen.begun += 1;
            expect(stories.filter((text) => text.startsWith(got.text)).length).toBeGreaterThan(0);
          }
        }
        await until(() => inFlight(lab) === 0);
        await until(() => clock.running() <= ownTimers);
      } finally {
        await lab.close();
      }
    }),
    { numRuns: 120 },
  );
  process.off("unhandledRejection", onRejection);
  expect(rejections).toEqual([]);
  // The property has something to say of each.
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
}, 120_000);
