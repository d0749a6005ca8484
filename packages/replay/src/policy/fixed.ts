import type { Policy } from "./policy.ts";

/**
 * Everything at one provider, each request once. Where its cache is explicit, one 5-minute breakpoint
 * at the end of the prompt.
 */
export const fixedPolicy = (provider: string): Policy => {
  let isExplicit = false;
  return {
    hello: ({ world }) => {
      const known = world.providers.find(({ id }) => id === provider);
      if (known === undefined) {
        throw new RangeError(
          `no provider "${provider}" in ${world.name}; there are ${world.providers.map(({ id }) => id).join(", ")}`,
        );
      }
      isExplicit = known.cache.mode === "explicit";
      return { type: "ready", name: `fixed:${provider}` };
    },
    decide: (message) =>
      message.type === "retry"
        ? { type: "give_up", id: message.id }
        : {
            type: "decision",
            id: message.id,
            provider,
            ...(isExplicit ? { cache: [{ upto: message.in_tokens, ttl: "5m" }] } : {}),
          },
    observe: () => {},
  };
};
