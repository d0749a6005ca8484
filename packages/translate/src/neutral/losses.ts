import type { Loss } from "./loss.ts";

/** A parameter that the chosen offering does not take. */
export const unsupportedParameter = (field: string): Loss => ({
  type: "unsupported_parameter",
  code: "unsupported_parameter",
  message: `'${field}' is not supported by this model at this provider and was ignored.`,
});

/** A level of reasoning that became another. */
export const effortAdjusted = (from: string, to: string): Loss => ({
  type: "unsupported_parameter",
  code: "reasoning_effort_adjusted",
  message: `reasoning_effort '${from}' became '${to}', the nearest level of this model.`,
});

/** A sampling parameter that clashes with thinking. */
export const samplingRemoved = (field: string): Loss => ({
  type: "unsupported_parameter",
  code: "sampling_parameter_removed",
  message: `'${field}' cannot be set while the model thinks and was removed.`,
});

/** Opaque reasoning that only another family of models can read. */
export const reasoningDropped: Loss = {
  type: "unsupported_feature",
  code: "reasoning_block_dropped",
  message: "Reasoning blocks of another model family were left out.",
};

/** Blocks that only one wire knows. */
export const contentDropped: Loss = {
  type: "unsupported_feature",
  code: "content_dropped",
  message: "Parts that only the provider's own wire can say were left out.",
};

/** A top-level field that only the caller's own wire knows. */
export const fieldDropped = (field: string): Loss => ({
  type: "unsupported_field",
  code: "unsupported_field",
  message: `The field '${field}' is not supported by this provider and was ignored.`,
});
