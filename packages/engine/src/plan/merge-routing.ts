import type { RoutingOptions } from "@pointsman/translate";

const strictness = { none: 0, no_training: 1, zdr: 2 } as const;

/**
 * Fills what a request leaves open from its workspace's defaults. The request wins, but the stricter
 * data policy counts and deny-lists unite.
 */
export const mergeRouting = (
  request: RoutingOptions | undefined,
  defaults: RoutingOptions,
): RoutingOptions => {
  if (request === undefined) return defaults;
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(request)) {
    if (value !== undefined && value !== null) merged[key] = value;
  }
  // Weights beat a named strategy only where the same side set them.
  if (request.optimize !== undefined && request.weights === undefined) delete merged["weights"];
  const policies = [request.data_policy ?? "none", defaults.data_policy ?? "none"] as const;
  const strictest = strictness[policies[0]] >= strictness[policies[1]] ? policies[0] : policies[1];
  if (strictest !== "none") merged["data_policy"] = strictest;
  const excluded = [
    ...new Set([...(request.exclude_providers ?? []), ...(defaults.exclude_providers ?? [])]),
  ];
  if (excluded.length > 0) merged["exclude_providers"] = excluded;
  return merged;
};
