/** The closed set of warning types a caller can see (docs/contract.md §15). */
export type WarningType =
  | "unsupported_parameter"
  | "unsupported_feature"
  | "unsupported_field"
  | "ignored_extension"
  | "unknown_provider"
  | "blocked_field"
  | "provider_timeout";

/** Something of the request or the answer that the other side could not carry. */
export type Loss = {
  readonly type: WarningType;
  readonly code: string;
  readonly message: string;
};
