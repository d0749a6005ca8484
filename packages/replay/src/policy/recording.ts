import type { Placement } from "../protocol/messages.ts";
import type { Policy } from "./policy.ts";

/** A policy that keeps what it decided, ready to be written as a decision log. */
export type Recording = {
  readonly policy: Policy;
  /** One JSON line per request that was placed anywhere. */
  readonly logLines: () => readonly string[];
};

/** Wraps a policy and keeps its decisions. */
export const recording = (policy: Policy): Recording => {
  const placements = new Map<string, Placement[]>();
  return {
    policy: {
      hello: (message) => policy.hello(message),
      decide: async (message) => {
        const answer = await policy.decide(message);
        if (answer.type === "decision") {
          const { type: _type, id, ...placement } = answer;
          const earlier = placements.get(id);
          if (earlier === undefined) placements.set(id, [placement]);
          else earlier.push(placement);
        }
        return answer;
      },
      observe: (message) => {
        policy.observe(message);
      },
      end: () => policy.end?.(),
    },
    logLines: () =>
      Array.from(placements, ([id, attempts]) =>
        JSON.stringify(attempts.length === 1 ? { id, ...attempts[0] } : { id, attempts }),
      ),
  };
};
