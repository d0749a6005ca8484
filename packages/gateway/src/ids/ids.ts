import { randomBytes } from "node:crypto";
import { randomName } from "@pointsman/engine/surfaces";

/**
 * `hold_…`, money set aside for the attempts of one request, and its entries in the ledger. Later ones sort
 * after earlier ones, so that they lie side by side where they are kept.
 */
export const newHoldId = (nowMs: number): string =>
  `hold_${nowMs.toString(36).padStart(9, "0")}${randomName().slice(0, 16)}`;

/** `bdgt_…`, the id of a budget. */
export const newBudgetId = (): string => `bdgt_${randomName()}`;

/** `ws_…`, the id of a workspace made by HTTP. */
export const newWorkspaceId = (): string => `ws_${randomName()}`;

/** `byok_…`, the id of a provider key. */
export const newByokKeyId = (): string => `byok_${randomName()}`;

/** `own_…`, who carries out a request with an idempotency key. */
export const newClaimId = (): string => `own_${randomName()}`;

/** `pm_live_` and 43 base64url characters: 32 random bytes. */
export const newKey = (): string => `pm_live_${randomBytes(32).toString("base64url")}`;
