import type { Filter } from "./filter.ts";
import { providersOf } from "./filter.ts";

/** `providers`: a hard allow-list; an empty one admits nobody. */
export const allowListFilter: Filter = {
  admits: ({ offering }, { request }) => {
    const { providers } = request.constraints;
    return providers === undefined || providers.includes(offering.provider);
  },
  reason: (rejected, { request }) => ({
    code: "provider_not_in_allowlist",
    param: "gateway.routing.providers",
    message: `The allow-list (${(request.constraints.providers ?? []).join(", ")}) holds none of the providers left: ${providersOf(rejected)}.`,
    suggestion: `Allow one of: ${providersOf(rejected)}.`,
  }),
};

/** `exclude_providers`: a hard deny-list. */
export const denyListFilter: Filter = {
  admits: ({ offering }, { request }) =>
    !(request.constraints.excludeProviders ?? []).includes(offering.provider),
  reason: (rejected) => ({
    code: "provider_blocked",
    param: "gateway.routing.exclude_providers",
    message: `Every provider left is excluded: ${providersOf(rejected)}.`,
    suggestion: `Do not exclude one of: ${providersOf(rejected)}.`,
  }),
};
