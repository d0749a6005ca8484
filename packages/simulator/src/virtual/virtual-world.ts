import type { VirtualAttempt, VirtualOutcome } from "./virtual-request.ts";
import { createVirtualProvider } from "./virtual-provider.ts";
import type { ReplayWorld } from "./world-file.ts";

/** All providers of a world in simulated time. Nothing in it waits: outcomes come with their times. */
export type VirtualWorld = {
  /** As `VirtualProvider.start`; an id that no provider has fails at once. */
  readonly start: (providerId: string, attempt: VirtualAttempt) => VirtualOutcome;
};

export const createVirtualWorld = (
  world: ReplayWorld,
  options: {
    /** Length of the whole trace, which error windows are fractions of. */
    readonly traceMs: number;
    /** Seed of all noise. @default the world file's */
    readonly seed?: number;
  },
): VirtualWorld => {
  const { traceMs, seed = world.seed } = options;
  const providers = new Map(
    world.providers.map((provider) => [
      provider.id,
      createVirtualProvider(provider, { seed, traceMs }),
    ]),
  );
  return {
    start: (providerId, attempt) =>
      providers.get(providerId)?.start(attempt) ?? {
        type: "error",
        error: "unknown_provider",
        afterMs: 0,
        retryAfterMs: null,
        costPicoUsd: 0,
        cachedTokens: 0,
        writtenTokens: 0,
        written1hTokens: 0,
      },
  };
};
