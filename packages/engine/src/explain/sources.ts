import type { CallerRequest } from "@pointsman/translate";
import type { RequestPlan, WorkspacePlan } from "../plan/plan-request.ts";

/** Where a constraint comes from. */
export type ConstraintSource = "request" | "suffix" | "workspace" | "default";

/** Every routing field in force, with its value and where that comes from. */
export type Sources = Readonly<
  Record<string, { readonly value: unknown; readonly source: ConstraintSource }>
>;

/** Defaults that hold where neither request nor workspace says anything (docs/contract.md §4). */
const defaults = {
  optimize: "cost-focus",
  ttft_percentile: "p50",
  throughput_percentile: "p50",
  mode: "pool",
  allow_fallbacks: true,
  max_fallback_attempts: 3,
  data_policy: "none",
} as const;

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The routing fields of a planned request, and who set each. */
export const sourcesOf = (
  { options, suffix }: RequestPlan,
  { outline }: CallerRequest,
  workspace: WorkspacePlan,
): Sources => {
  const asked: Readonly<Record<string, unknown>> = outline.gateway?.routing ?? {};
  const kept: Readonly<Record<string, unknown>> = workspace.routing;
  const sources: Record<string, { value: unknown; source: ConstraintSource }> = {};
  for (const [name, value] of Object.entries(defaults)) {
    sources[name] = { value, source: "default" };
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    const isAsked = isSame(asked[name], value);
    const isKept = !isAsked && (isSame(kept[name], value) || asked[name] === undefined);
    sources[name] = { value, source: isKept ? "workspace" : "request" };
  }
  if (suffix !== null) {
    sources["optimize"] = { value: suffix, source: "suffix" };
    delete sources["weights"];
  }
  // Weights take the place of a strategy.
  if (sources["weights"] !== undefined) delete sources["optimize"];
  return sources;
};
