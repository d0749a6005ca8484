import type { Filter } from "./filter.ts";

/** Premium tiers only when asked for, and then only the one asked for. */
export const tierFilter: Filter = {
  admits: ({ offering }, { request }) => offering.tier === (request.constraints.tier ?? "standard"),
  reason: (rejected, { request }) => {
    const tiers = [...new Set(rejected.map(({ offering }) => offering.tier))].sort().join(", ");
    const asked = request.constraints.tier;
    return asked === undefined
      ? {
          code: "tier_opt_in_required",
          param: "gateway.routing.tier",
          message: `Only premium tiers are left (${tiers}), and none was asked for.`,
          suggestion: `Set gateway.routing.tier to one of: ${tiers}.`,
        }
      : {
          code: "no_compatible_endpoint",
          param: "gateway.routing.tier",
          message: `No offering left has the tier ${asked}; there is: ${tiers}.`,
          suggestion: `Set gateway.routing.tier to one of: ${tiers}, or leave it out.`,
        };
  },
};
