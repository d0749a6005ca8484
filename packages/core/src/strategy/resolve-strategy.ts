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

const preset = (
  name: StrategyName,
  [cost, ttft, throughput]: readonly [number, number, number],
  focus: Dimension | null = null,
): ResolvedStrategy => ({ name, weights: { cost, ttft, throughput }, focus });

/** One object per preset, so that naming one makes none. */
const presets: Readonly<Record<StrategyName, ResolvedStrategy>> = {
  cost: preset("cost", [0.6, 0.2, 0.2]),
  "cost-focus": preset("cost-focus", [1, 0, 0], "cost"),
  ttft: preset("ttft", [0.2, 0.6, 0.2]),
  "ttft-focus": preset("ttft-focus", [0, 1, 0], "ttft"),
  tps: preset("tps", [0.2, 0.2, 0.6]),
  "tps-focus": preset("tps-focus", [0, 0, 1], "throughput"),
  balanced: preset("balanced", [1 / 3, 1 / 3, 1 / 3]),
};

/** `balanced` where time has an absolute price. */
const balancedSum: ResolvedStrategy = { ...presets["cost-focus"], name: "balanced" };

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
  if (typeof strategy === "string") return presets[strategy];
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
