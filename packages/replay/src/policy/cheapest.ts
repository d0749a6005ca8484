import type { ListedProvider } from "@pointsman/simulator";
import type { Policy } from "./policy.ts";

const unitPrice = ({ price }: ListedProvider): number => price.in + price.out;

/**
 * The rule of thumb most routers use: lowest input + output list price (ties: first in the world), and
 * after a failure the next dearer one.
 */
export const cheapestPolicy = (): Policy => {
  let order: readonly ListedProvider[] = [];
  return {
    hello: ({ world }) => {
      // Sorting is stable, so ties keep the order of the world.
      order = [...world.providers].sort((a, b) => unitPrice(a) - unitPrice(b));
      return { type: "ready", name: "cheapest" };
    },
    decide: (message) => {
      const next = order[message.type === "retry" ? message.attempt - 1 : 0];
      return next === undefined
        ? { type: "give_up", id: message.id }
        : { type: "decision", id: message.id, provider: next.id };
    },
    observe: () => {},
  };
};
