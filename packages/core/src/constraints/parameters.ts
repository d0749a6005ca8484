import type { Filter } from "./filter.ts";

/** `require_parameters`: every parameter sent must be taken. */
export const requiredParametersFilter: Filter = {
  admits: ({ offering }, { request }) =>
    request.constraints.requireParameters !== true ||
    !request.needs.parameters.some((name) => offering.unsupportedParameters.includes(name)),
  reason: (rejected, { request }) => {
    const refusedBy = rejected.map(({ offering }) => ({
      id: offering.id,
      refused: request.needs.parameters.filter((name) =>
        offering.unsupportedParameters.includes(name),
      ),
    }));
    const nearest = refusedBy.reduce((best, next) =>
      next.refused.length < best.refused.length ? next : best,
    );
    return {
      code: "required_params_not_supported",
      param: "gateway.routing.require_parameters",
      message: `No offering left takes all of: ${request.needs.parameters.join(", ")}.`,
      suggestion: `Leave out ${nearest.refused.join(", ")} for ${nearest.id}, or do not require parameters.`,
    };
  },
};
