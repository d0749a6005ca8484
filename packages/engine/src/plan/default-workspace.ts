import type { WorkspacePlan } from "./plan-request.ts";

/** What requests start from where nobody says otherwise (docs/contract.md §4, §6). */
export const defaultWorkspace: WorkspacePlan = {
  id: "default",
  routing: {},
  slo: { ttftMs: 2500, ttftMsPer1kIn: 120 },
  valueOfTimeUsdPerSecond: null,
};
