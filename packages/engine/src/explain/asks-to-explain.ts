import type { CallerRequest } from "@pointsman/translate";
import type { CallerHeaders } from "../surfaces/surface.ts";

/** Whether a caller asks for the explanation, in the body or by a header (docs/contract.md §4). */
export const asksToExplain = (headers: CallerHeaders, { outline }: CallerRequest): boolean =>
  outline.gateway?.explain === true || headers["x-pointsman-explain"] === "true";
