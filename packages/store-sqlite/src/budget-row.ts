import type { Budget } from "@pointsman/store";
import { bigintOf, numberOf, textOf } from "./database.ts";
import type { Row } from "./database.ts";

/** A budget as a row has it. */
export const budgetOf = (row: Row): Budget => ({
  id: textOf(row, "id"),
  workspaceId: textOf(row, "workspace_id"),
  // Written by this store alone.
  scope: JSON.parse(textOf(row, "scope")) as Budget["scope"],
  period: textOf(row, "period") as Budget["period"],
  limitPicoUsd: bigintOf(row, "limit_pico_usd"),
  enforce: numberOf(row, "enforce") === 1,
  createdAtMs: numberOf(row, "created_at_ms"),
  updatedAtMs: numberOf(row, "updated_at_ms"),
});
