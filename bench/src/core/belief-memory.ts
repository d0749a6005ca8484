import { createRouterState, observe } from "@pointsman/core";
import { attemptEvents, offeringsOf, randomOf, startMs, usageOf } from "./fixtures.ts";

/** Memory a state takes after so many conversations. */
export type BeliefMemory = {
  readonly conversations: number;
  /** Objects on the heap, beyond those of a state that has seen nothing; `null` = not measured. */
  readonly heapBytes: number | null;
  /** Typed arrays. */
  readonly arrayBytes: number | null;
};

const CANDIDATES = 10;
const TURNS = 3;
/** Shared by all conversations, then one link a turn. */
const SYSTEM_PROMPT = { hash: 1, tokens: 1024 };

const linksOf = (conversation: number, turn: number) => [
  SYSTEM_PROMPT,
  ...Array.from({ length: turn + 1 }, (_, link) => ({
    hash: 2 ** 34 + conversation * TURNS + link,
    tokens: 1024 + 700 * (link + 1),
  })),
];

/**
 * What conversations of three turns leave behind, each workspace having a hundred of them: every turn is
 * seen, begun and ended. `conversations` must ascend.
 */
export const beliefMemory = (conversations: readonly number[]): readonly BeliefMemory[] => {
  const { gc } = globalThis;
  if (gc === undefined)
    return conversations.map((count) => ({
      conversations: count,
      heapBytes: null,
      arrayBytes: null,
    }));
  const offerings = offeringsOf(CANDIDATES);
  const random = randomOf(3);
  gc();
  const before = process.memoryUsage();
  const state = createRouterState({ offerings });
  let nowMs = startMs;
  let conversation = 0;
  return conversations.map((count) => {
    for (; conversation < count; conversation += 1) {
      const offering = offerings[conversation % CANDIDATES];
      if (offering === undefined) continue;
      for (let turn = 0; turn < TURNS; turn += 1) {
        nowMs += 200;
        const prefix = linksOf(conversation, turn);
        const promptTokens = prefix.at(-1)?.tokens ?? 0;
        observe(state, { type: "request_started", nowMs, prefix, promptTokens });
        const workspace = `workspace-${Math.floor(conversation / 100)}`;
        const [start, end] = attemptEvents(offering, { nowMs, random });
        observe(state, { ...start, workspace, prefix });
        // Between 20 and 2,000 tokens, most of them short.
        const outputTokens = Math.floor(20 * 100 ** random());
        const usage = { ...usageOf(promptTokens, 0), outputTokens };
        observe(state, { ...end, workspace, prefix, usage });
      }
    }
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (state.version === 0) throw new Error("nothing was observed");
    return {
      conversations: count,
      heapBytes: heapUsed - before.heapUsed,
      arrayBytes: arrayBuffers - before.arrayBuffers,
    };
  });
};
