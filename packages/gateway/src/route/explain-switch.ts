import type { IncomingHttpHeaders } from "node:http";
import type { CallerRequest, GatewayError } from "@pointsman/translate";

/** Whether a caller asks for the explanation, in the body or by a header (docs/contract.md §4). */
export const asksToExplain = (headers: IncomingHttpHeaders, { outline }: CallerRequest): boolean =>
  outline.gateway?.explain === true || headers["x-pointsman-explain"] === "true";

export const explanationsAreOff: GatewayError = {
  code: "feature_disabled",
  message: "This gateway does not explain its decisions: explain is off in its configuration.",
  param: null,
};
