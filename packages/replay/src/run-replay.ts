import { lowerBoundUsd } from "./bound/lower-bound.ts";
import { replay } from "./drive/replay.ts";
import type { ReplayOptions } from "./drive/replay.ts";
import { figuresOf } from "./figures/figures.ts";
import type { Figures } from "./figures/figures.ts";

/** Replays a trace and counts: `replay`, `lowerBoundUsd` and `figuresOf` in one. */
export const runReplay = async (
  options: ReplayOptions & {
    /** Lower bound of the trace in the world, if it is known already. @default worked out */
    readonly boundUsd?: number;
  },
): Promise<Figures> => {
  const tally = await replay(options);
  const { trace, world, boundUsd = lowerBoundUsd(trace, world) } = options;
  return figuresOf(tally, world, boundUsd);
};
