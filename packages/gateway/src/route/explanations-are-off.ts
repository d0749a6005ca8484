import type { GatewayError } from "@pointsman/translate";

export const explanationsAreOff: GatewayError = {
  code: "feature_disabled",
  message: "This gateway does not explain its decisions: explain is off in its configuration.",
  param: null,
};
