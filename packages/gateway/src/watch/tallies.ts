/** What calls of one model at one provider add up to. */
export type ModelTally = {
  readonly provider: string;
  readonly model: string;
  /** Calls that are over, by outcome. */
  readonly attempts: Map<string, number>;
  usd: number;
  inputTokens: number;
  outputTokens: number;
};

const entryOf = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

export const addOne = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/**
 * Counts of requests and calls, which metrics are read from. A request adds to plain numbers: sorting and
 * joining labels at every count takes three times as long.
 */
export class Tallies {
  /** Requests that are over, by way in, then by outcome. */
  readonly requests = new Map<string, Map<string, number>>();
  readonly #models = new Map<string, Map<string, ModelTally>>();

  requestEnded(endpoint: string, outcome: string): void {
    addOne(
      entryOf(this.requests, endpoint, () => new Map<string, number>()),
      outcome,
    );
  }

  of(provider: string, model: string): ModelTally {
    const models = entryOf(this.#models, provider, () => new Map<string, ModelTally>());
    return entryOf(models, model, () => ({
      provider,
      model,
      attempts: new Map<string, number>(),
      usd: 0,
      inputTokens: 0,
      outputTokens: 0,
    }));
  }

  models(): readonly ModelTally[] {
    return [...this.#models.values()].flatMap((models) => [...models.values()]);
  }
}
