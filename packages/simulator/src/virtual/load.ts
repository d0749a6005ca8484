import { createMinHeap } from "./min-heap.ts";
import type { WorldProvider } from "./world-file.ts";

/** How busy a provider is. */
export type Load = {
  /** Background and own load as a share of the slots; who waits for a slot is no load yet. */
  readonly rho: (nowMs: number) => number;
  /** Until one of the slots is free, first come, first served. */
  readonly waitMs: (nowMs: number) => number;
  /** An attempt has or waits for a slot until `untilMs`, and holds it from `fromMs` on. */
  readonly occupy: (fromMs: number, untilMs: number) => void;
};

const backgroundAt = (bg: WorldProvider["true"]["latency"]["bg"], nowMs: number): number =>
  bg === null
    ? 0
    : Math.max(
        0,
        bg.mean + bg.amp * Math.sin(2 * Math.PI * (nowMs / 1000 / bg.period_s + bg.phase)),
      );

export const createLoad = ({ slots, bg }: WorldProvider["true"]["latency"]): Load => {
  // A slot's key is the moment from which it is free; an attempt's, the moment it ends.
  const freeFrom = createMinHeap<null>();
  const inFlight = createMinHeap<null>();
  for (let slot = 0; slot < (slots ?? 0); slot += 1) freeFrom.push(0, null);
  return {
    rho: (nowMs) => {
      while (inFlight.nextKey() <= nowMs) inFlight.pop();
      return (
        backgroundAt(bg, nowMs) + (slots === null ? 0 : Math.min(inFlight.size(), slots) / slots)
      );
    },
    waitMs: (nowMs) => (slots === null ? 0 : Math.max(0, freeFrom.nextKey() - nowMs)),
    occupy: (fromMs, untilMs) => {
      if (slots === null) return;
      inFlight.push(untilMs, null);
      if (untilMs > fromMs) {
        freeFrom.pop();
        freeFrom.push(untilMs, null);
      }
    },
  };
};
