import { emptyUsage } from "@pointsman/core";
import type { PurseOrder } from "@pointsman/engine";
import type { ExpiredHold, LedgerEntry } from "@pointsman/store";

/** What is noted with a hold, so that whoever sweeps it can write its entry. */
type HoldMemo = {
  readonly requestId: string;
  readonly keyId: string;
  readonly atMs: number;
  readonly provider: string;
  readonly model: string;
  readonly byok: boolean;
  readonly tag: string | null;
};

export const holdMemo = (
  { provider, model, byok }: PurseOrder,
  request: Pick<HoldMemo, "requestId" | "keyId" | "atMs" | "tag">,
): string => JSON.stringify({ ...request, provider, model, byok } satisfies HoldMemo);

/** The entry of a call whose process is gone: its whole hold, as an estimate. */
export const entryOfExpired = ({
  holdId,
  workspaceId,
  chargedPicoUsd,
  memo,
}: ExpiredHold): LedgerEntry => {
  // Written by `holdMemo` alone.
  const { requestId, keyId, atMs, provider, model, byok, tag } = JSON.parse(memo) as HoldMemo;
  return {
    id: holdId,
    requestId,
    workspaceId,
    keyId,
    atMs,
    provider,
    model,
    tag,
    endsRequest: true,
    outcome: "error",
    usage: emptyUsage,
    costPicoUsd: chargedPicoUsd,
    estimated: true,
    byok,
  };
};
