import { describe, expect, test } from "vitest";
import { casesOf, play } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import {
  afterWords,
  answers,
  calls,
  cuts,
  drips,
  endsEarly,
  fails,
  goesOn,
  refusesPrefill,
  says,
  sends,
  story,
  tellsError,
} from "./upstream.ts";
import type { Act } from "./upstream.ts";
import { eventsOf, jsonOf } from "./wire-answer.ts";
import type { Wire } from "./wire-answer.ts";

const wires: readonly Wire[] = ["chat", "responses", "messages", "gemini"];
const onWires = (make: (wire: Wire) => Scenario): readonly Scenario[] =>
  wires.map((wire) => {
    const one = make(wire);
    return {
      ...one,
      stream: true,
      name: `${one.name}, ${wire}`,
      specs: one.specs ?? [wire, "chat"],
    };
  });

const begun = story.slice(0, 3).join("");
const breaksBy = (then: Act): readonly [Act] => [afterWords(3, then)];
const stalls: Act = () => {};
const another = says(["Ask", " the", " signalman", "."]);

/** Another provider says the same, and goes on. */
const rescued: readonly Scenario[] = [
  ...onWires(() => ({ name: "cut", acts: [breaksBy(cuts), [answers]], attempts: [1, 1] })),
  ...onWires(() => ({
    name: "ended without its finish",
    acts: [breaksBy(endsEarly), [answers]],
    attempts: [1, 1],
  })),
  ...onWires(() => ({
    name: "an error in the middle",
    acts: [breaksBy(tellsError), [answers]],
    attempts: [1, 1],
  })),
  ...onWires(() => ({
    name: "silence in the middle",
    acts: [breaksBy(stalls), [answers]],
    attempts: [1, 1],
    warning: "provider_timeout",
    ms: [400, 3000],
  })),
  ...wires
    .map((wire) => ({
      name: `cut, and ${wire} goes on`,
      stream: true,
      specs: ["chat", wire] as const,
      surfaces: ["chat", "responses", "messages"] as const,
      acts: [breaksBy(cuts), [answers]] as const,
      attempts: [1, 1],
    }))
    .filter(({ specs }) => specs[1] !== "responses"),
  {
    name: "cut, the next one fails, the third goes on",
    stream: true,
    acts: [breaksBy(cuts), [fails(500)], [answers]],
    attempts: [1, 1, 1],
  },
  {
    name: "cut, the next one is cut later, the third goes on",
    stream: true,
    acts: [breaksBy(cuts), [afterWords(5, cuts)], [answers]],
    attempts: [1, 1, 1],
  },
  {
    name: "cut before it said as much as is out, the third goes on",
    stream: true,
    acts: [breaksBy(cuts), [afterWords(1, cuts)], [answers]],
    attempts: [1, 1, 1],
  },
];

const errors: readonly Scenario[] = [
  ...onWires(() => ({
    name: "cut, and the other tells another story",
    acts: [breaksBy(cuts), [another]],
    error: "upstream_error",
    begun,
    attempts: [1, 1],
  })),
  ...onWires(() => ({
    name: "cut, and the other ends earlier",
    acts: [breaksBy(cuts), [says(story.slice(0, 2))]],
    error: "upstream_error",
    begun,
    attempts: [1, 1],
  })),
  ...onWires((wire) => ({
    name: "cut and nobody else",
    specs: [wire],
    acts: [breaksBy(cuts)],
    error: "upstream_error",
    begun,
    attempts: [1],
  })),
  ...onWires((wire) => ({
    name: "silence and nobody else",
    specs: [wire],
    acts: [breaksBy(stalls)],
    error: "upstream_timeout",
    begun,
    attempts: [1],
  })),
  ...onWires(() => ({
    name: "rescue is off",
    workspace: { rescue: "off" },
    acts: [breaksBy(cuts), [answers]],
    error: "upstream_error",
    begun,
    attempts: [1, 0],
  })),
  {
    name: "no fallbacks",
    stream: true,
    ask: { routing: { allow_fallbacks: false } },
    acts: [breaksBy(cuts), [answers]],
    error: "upstream_error",
    begun,
    attempts: [1, 0],
  },
  ...(["chat", "responses", "messages"] as const).map((wire) => ({
    name: `cut within the arguments of a call, ${wire}`,
    stream: true,
    specs: [wire, "chat"] as const,
    acts: [[calls(afterWords(story.length + 2, cuts))], [calls(answers)]] as const,
    error: "upstream_error",
    begun: story.join(""),
    attempts: [1, 0],
  })),
  {
    name: "past the deadline in the middle",
    stream: true,
    specs: [{ wire: "chat", timeouts: { silenceMs: 9000 } }, "chat"],
    ask: { routing: { deadline_ms: 600 } },
    acts: [breaksBy(stalls), [answers]],
    error: "stream_duration_exceeded",
    begun,
    attempts: [1, 0],
    ms: [600, 2000],
  },
  {
    name: "longer than any stream may last",
    stream: true,
    specs: [{ wire: "chat", timeouts: { totalMs: 700 } }],
    acts: [[drips(150)]],
    error: "upstream_timeout",
    begun: story.slice(0, 5).join(""),
    attempts: [1],
    ms: [700, 2000],
  },
];

const prefilling = { wire: "messages", model: { capabilities: { prefill: true } } } as const;

const prefills: readonly Scenario[] = [
  ...(["chat", "messages", "gemini"] as const).map((wire) => ({
    name: `one that can go on with a given answer is given it, ${wire} first`,
    stream: true,
    specs: [wire, prefilling] as const,
    acts: [breaksBy(cuts), [says(story.slice(3))]] as const,
    attempts: [1, 1],
  })),
  {
    name: "one that takes it for an earlier turn is swallowed",
    stream: true,
    specs: ["chat", prefilling],
    acts: [breaksBy(cuts), [answers]],
    attempts: [1, 1],
  },
  {
    name: "one that refuses it after all starts anew",
    stream: true,
    specs: ["chat", prefilling],
    acts: [breaksBy(cuts), [refusesPrefill(answers)]],
    attempts: [1, 2],
  },
];

const buffers: readonly Scenario[] = [
  {
    name: "a buffer of the whole answer: another story may be told",
    stream: true,
    workspace: { buffer: "whole" },
    acts: [breaksBy(cuts), [another]],
    text: "Ask the signalman.",
    attempts: [2, 1],
  },
  {
    name: "a buffer longer than what came",
    stream: true,
    workspace: { buffer: 6 },
    acts: [breaksBy(cuts), [another]],
    text: "Ask the signalman.",
    attempts: [2, 1],
  },
  {
    name: "a buffer shorter than what came",
    stream: true,
    workspace: { buffer: 2 },
    acts: [breaksBy(cuts), [another]],
    error: "upstream_error",
    begun,
    attempts: [1, 1],
  },
];

const doubled = (text: string): string =>
  text.replace(/^data: .*"finish_reason":"stop".*\n\n/mu, (event) => event + event);
const usageEverywhere = (text: string): string =>
  text.replaceAll(
    /"choices":\[\{.*?\}\]\}/gu,
    (chunk) =>
      `${chunk.slice(0, -1)},"usage":{"prompt_tokens":11,"completion_tokens":1,"total_tokens":12}}`,
  );

/** What is odd, and an answer all the same. */
const odd: readonly Scenario[] = [
  ...onWires(() => ({
    name: "a chunk that is no JSON",
    acts: [
      [
        afterWords(3, async (scene) => {
          scene.response.write("data: {not json\n\n");
          await goesOn(3)(scene);
        }),
      ],
      [answers],
    ],
    attempts: [1, 0],
  })),
  ...onWires(() => ({
    name: "lines ended by CR LF, in pieces of 7 bytes",
    acts: [[sends((text) => text.replaceAll("\n", "\r\n"), 7)], [answers]],
    attempts: [1, 0],
  })),
  ...onWires(() => ({
    name: "comments and empty events between",
    acts: [[sends((text) => text.replaceAll("\n\n", "\n\n: so\n\n\n"), 31)], [answers]],
    attempts: [1, 0],
  })),
  ...onWires(() => ({
    name: "letters of several bytes, cut anywhere",
    acts: [
      [
        says(
          ["Größe", " 你好", " 🚂"],
          sends((text) => text, 1),
        ),
      ],
      [answers],
    ],
    text: "Größe 你好 🚂",
    attempts: [1, 0],
  })),
  ...onWires((wire) => ({
    name: "JSON where a stream was asked for",
    acts: [
      [
        ({ meant, response }) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.end(JSON.stringify(jsonOf[wire](meant)));
        },
      ],
      [answers],
    ],
    attempts: [1, 0],
  })),
  ...onWires((wire) => ({
    name: "a stream under a wrong content type",
    acts: [
      [
        ({ meant, response }) => {
          const { opening, content, closing } = eventsOf[wire](meant);
          response.writeHead(200, { "content-type": "text/plain" });
          response.end([...opening, ...content, ...closing].join(""));
        },
      ],
      [answers],
    ],
    attempts: [1, 0],
  })),
  {
    name: "no [DONE]",
    stream: true,
    surfaces: ["chat"],
    acts: [[sends((text) => text.replace("data: [DONE]\n\n", ""))], [answers]],
    attempts: [1, 0],
    check: (got) => {
      expect(got.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 8 });
    },
  },
  {
    name: "two finishes",
    stream: true,
    surfaces: ["chat"],
    acts: [[sends(doubled)], [answers]],
    attempts: [1, 0],
    check: (got) => {
      expect(got.body.split('"finish_reason":"stop"')).toHaveLength(2);
    },
  },
  {
    name: "usage in every chunk: the last counts",
    stream: true,
    surfaces: ["chat"],
    acts: [[sends(usageEverywhere)], [answers]],
    attempts: [1, 0],
    check: (got) => {
      expect(got.usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 8 });
    },
  },
  {
    name: "a slow, steady stream",
    stream: true,
    acts: [[drips(150)], [answers]],
    attempts: [1, 0],
    ms: [1000, 4000],
  },
  {
    name: "24 kB of headers, and some that are not for others",
    acts: [
      [
        (scene) => {
          scene.response.setHeader("x-upstream-secret", "s".repeat(24_000));
          scene.response.setHeader("x-upstream-org", "org-1");
          return answers(scene);
        },
      ],
      [answers],
    ],
    attempts: [1, 0],
  },
];

describe.each([
  ["rescued", rescued],
  ["an explicit error", errors],
  ["prefill", prefills],
  ["buffers", buffers],
  ["odd, and whole", odd],
] as const)("%s", (_, scenarios) => {
  test.concurrent.each(casesOf(scenarios))("%s", async (_name, one) => {
    await play(one);
  });
});
