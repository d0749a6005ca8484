import type { VirtualOutcome } from "@pointsman/simulator";
import type { TraceRequest } from "../trace/read-trace.ts";
import type { Placement } from "../protocol/messages.ts";

/** What became of one request. */
export type RequestRecord = {
  readonly request: TraceRequest;
  readonly attempts: number;
  /** Provider of the answer; `null` = the request has failed. */
  readonly provider: string | null;
  /** From arrival, over all attempts; `null` if it has failed. */
  readonly ttftMs: number | null;
  readonly totalMs: number | null;
};

/** A prediction beside what came of it. */
export type Prediction = { readonly predicted: number; readonly actual: number };

/** Everything a replay counts, in the order in which requests ended. */
export type Tally = {
  readonly records: readonly RequestRecord[];
  /** Billed over all attempts. */
  readonly costPicoUsd: bigint;
  /** Prompt tokens read from caches, over all attempts. */
  readonly cachedTokens: number;
  readonly attempts: number;
  readonly attemptsByProvider: ReadonlyMap<string, number>;
  readonly errors: ReadonlyMap<string, number>;
  readonly costPredictions: readonly Prediction[];
  readonly ttftPredictions: readonly Prediction[];
};

/** Collects a tally while a replay runs. */
export type TallyBuilder = {
  readonly attempted: (placement: Placement, outcome: VirtualOutcome) => void;
  readonly ended: (record: RequestRecord) => void;
  readonly finish: () => Tally;
};

const countIn = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

export const createTally = (): TallyBuilder => {
  const records: RequestRecord[] = [];
  const costPredictions: Prediction[] = [];
  const ttftPredictions: Prediction[] = [];
  const attemptsByProvider = new Map<string, number>();
  const errors = new Map<string, number>();
  let costPicoUsd = 0n;
  let cachedTokens = 0;
  let attempts = 0;
  return {
    attempted: (placement, outcome) => {
      attempts += 1;
      countIn(attemptsByProvider, placement.provider);
      costPicoUsd += BigInt(outcome.costPicoUsd);
      cachedTokens += outcome.cachedTokens;
      if (outcome.type === "error") {
        countIn(errors, outcome.error);
        return;
      }
      if (placement.predicted_cost_usd !== undefined) {
        costPredictions.push({
          predicted: placement.predicted_cost_usd,
          actual: outcome.costPicoUsd / 1e12,
        });
      }
      if (placement.predicted_ttft_ms !== undefined) {
        ttftPredictions.push({ predicted: placement.predicted_ttft_ms, actual: outcome.ttftMs });
      }
    },
    ended: (record) => {
      records.push(record);
    },
    finish: () => ({
      records,
      costPicoUsd,
      cachedTokens,
      attempts,
      attemptsByProvider,
      errors,
      costPredictions,
      ttftPredictions,
    }),
  };
};
