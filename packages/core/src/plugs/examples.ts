import type { OfferingFilter, OutputEstimator, ScoreFunction, Tokenizer } from "./plugs.ts";

/** Scores by the worst of the three ratios: nothing may be bad, rather than something very good. */
export const worstRatioScore: ScoreFunction = {
  score: ({ ratios }) => Math.min(ratios.cost, ratios.ttft, ratios.throughput),
};

/** Admits offerings of some regions only; an unknown region is not admitted. */
export const regionFilter = (regions: readonly string[]): OfferingFilter => ({
  admits: ({ region }) => region !== null && regions.includes(region),
  reason: ({ id, region }) => ({
    code: "no_compatible_endpoint",
    param: null,
    message: `${id} is in ${region ?? "an unknown region"}, not in: ${regions.join(", ")}.`,
  }),
});

/** Answers of one length, whoever asks: for jobs whose answers are all alike. */
export const fixedOutput = (tokens: number): OutputEstimator => ({
  estimate: () => ({ mean: tokens, p50: tokens, p95: tokens }),
});

/** So many bytes a token, exactly: for text of one kind. */
export const bytesTokenizer = (bytesPerToken: number): Tokenizer => ({
  promptTokens: (_, { bytes, extraTokens = 0 }) => Math.ceil(bytes / bytesPerToken) + extraTokens,
});
