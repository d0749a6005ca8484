import type { DataPolicy } from "../offering/offering.ts";
import type { Filter } from "./filter.ts";

/** Higher = stricter: `zdr` ⊂ `no_training` ⊂ `none`. */
const strictness: Readonly<Record<DataPolicy, number>> = { none: 0, no_training: 1, zdr: 2 };

export const dataPolicyFilter: Filter = {
  admits: ({ offering }, { request }) =>
    strictness[offering.dataPolicy] >= strictness[request.constraints.dataPolicy ?? "none"],
  reason: (rejected, { request }) => {
    const strictest = rejected
      .map(({ offering }) => offering.dataPolicy)
      .reduce((best, policy) => (strictness[policy] > strictness[best] ? policy : best));
    return {
      code: "no_compatible_endpoint",
      param: "gateway.routing.data_policy",
      message: `No offering left keeps the data policy ${request.constraints.dataPolicy ?? "none"}; the strictest kept is ${strictest}.`,
      suggestion: `Use gateway.routing.data_policy "${strictest}".`,
    };
  },
};
