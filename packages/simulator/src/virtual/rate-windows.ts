import type { WorldProvider } from "./world-file.ts";

const WINDOW_MS = 60_000;

/** The sliding minute of admitted attempts that a provider's limits look at. */
export type RateWindows = {
  /** Admits an attempt (`null`), or says how long until the oldest admitted one leaves the window. */
  readonly admit: (nowMs: number, tokens: number) => number | null;
};

export const createRateWindows = ({ rpm, tpm }: WorldProvider["limits"]): RateWindows => {
  const admitted: { readonly atMs: number; readonly tokens: number }[] = [];
  let first = 0;
  let tokensInWindow = 0;

  const leave = (nowMs: number): void => {
    for (;;) {
      const oldest = admitted[first];
      if (oldest === undefined || oldest.atMs + WINDOW_MS > nowMs) break;
      tokensInWindow -= oldest.tokens;
      first += 1;
    }
    if (first > 1024 && first * 2 > admitted.length) {
      admitted.splice(0, first);
      first = 0;
    }
  };

  return {
    admit: (nowMs, tokens) => {
      leave(nowMs);
      const oldest = admitted[first];
      const overRequests = rpm !== null && admitted.length - first + 1 > rpm;
      const overTokens = tpm !== null && tokensInWindow + tokens > tpm;
      if (oldest !== undefined && (overRequests || overTokens)) {
        return oldest.atMs + WINDOW_MS - nowMs;
      }
      admitted.push({ atMs: nowMs, tokens });
      tokensInWindow += tokens;
      return null;
    },
  };
};
