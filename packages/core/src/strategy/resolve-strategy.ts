import type { RoutingRequest, StrategyName, StrategyWeights } from "../request/routing-request.ts";

export type Weights = Required<StrategyWeights>;
export type Dimension = keyof Weights;

/** A strategy as the ranking wants it. */
export type ResolvedStrategy = {
  readonly name: StrategyName | "custom";
  /** They add up to one. */
  readonly weights: Weights;
  /** The one dimension that decides, all else only breaking ties; `null` = weighted sum. */
  readonly focus: Dimension | null;
};

export const balancedWeights: Weights = { cost: 1 / 3, ttft: 1 / 3, throughput: 1 / 3 };

const presets: Readonly<Record<StrategyName, Omit<ResolvedStrategy, "name">>> = {
  cost: { weights: { cost: 0.6, ttft: 0.2, throughput: 0.2 }, focus: null },
  "cost-focus": { weights: { cost: 1, ttft: 0, throughput: 0 }, focus: "cost" },
  ttft: { weights: { cost: 0.2, ttft: 0.6, throughput: 0.2 }, focus: null },
  "ttft-focus": { weights: { cost: 0, ttft: 1, throughput: 0 }, focus: "ttft" },
  tps: { weights: { cost: 0.2, ttft: 0.2, throughput: 0.6 }, focus: null },
  "tps-focus": { weights: { cost: 0, ttft: 0, throughput: 1 }, focus: "throughput" },
  balanced: { weights: balancedWeights, focus: null },
};

const named = (name: StrategyName): ResolvedStrategy => ({ name, ...presets[name] });

/** One object per preset, so that naming one makes none. */
const resolvedPresets: Readonly<Record<StrategyName, ResolvedStrategy>> = {
  cost: named("cost"),
  "cost-focus": named("cost-focus"),
  ttft: named("ttft"),
  "ttft-focus": named("ttft-focus"),
  tps: named("tps"),
  "tps-focus": named("tps-focus"),
  balanced: named("balanced"),
};

/** `balanced` where time has an absolute price. */
const balancedSum: ResolvedStrategy = { name: "balanced", ...presets["cost-focus"] };

/**
 * Preset or normalised custom weights. `balanced` with an absolute value of time minimises the one
 * sum of money and time, which is the cost term.
 *
 * @throws RangeError if custom weights are negative, not finite or all zero.
 */
export const resolveStrategy = (
  request: Pick<RoutingRequest, "strategy" | "valueOfTimeUsdPerSecond">,
): ResolvedStrategy => {
  const { strategy } = request;
  if (strategy === "balanced" && request.valueOfTimeUsdPerSecond !== undefined) return balancedSum;
  if (typeof strategy === "string") return resolvedPresets[strategy];
  const { cost = 0, ttft = 0, throughput = 0 } = strategy;
  const sum = cost + ttft + throughput;
  if (!(Math.min(cost, ttft, throughput) >= 0 && sum > 0 && sum < Infinity)) {
    throw new RangeError(
      `weights must be finite, >= 0 and not all 0: cost ${cost}, ttft ${ttft}, throughput ${throughput}`,
    );
  }
  return {
    name: "custom",
    weights: { cost: cost / sum, ttft: ttft / sum, throughput: throughput / sum },
    focus: null,
  };
};

/** Whether a strategy would rather go elsewhere than wait. */
export const prefersSpeed = ({ name, weights }: ResolvedStrategy): boolean =>
  name.startsWith("ttft") || name.startsWith("tps") || weights.cost === 0;
