import type { FastifyRequest } from "fastify";
import type { Purse } from "@pointsman/engine";
import type { GatewayError } from "@pointsman/translate";
import { newHoldId } from "../ids/ids.ts";
import { budgetHeaders } from "../money/budget-headers.ts";
import { createPurse } from "../money/purse.ts";
import { takeRate, unlimited } from "../money/rate-limit.ts";
import { createUsageRecord } from "../money/usage-record.ts";
import type { UsageRecord } from "../money/usage-record.ts";
import type { SurfaceRouteOptions } from "./surface-options.ts";

/** What the answer says of limits, and what pays it. */
export type Terms = {
  readonly headers: readonly string[];
  /** Opens the books for a request with this tag. */
  readonly open: (tag: string | null) => Paying;
};

type Paying = { readonly purse: Purse | null; readonly record: UsageRecord };

/** What is used is recorded, beside the answer: nothing limits it. */
export const recordingTerms = (
  { principal, id }: FastifyRequest,
  { engine, money, logger }: SurfaceRouteOptions,
): Terms => {
  if (principal === null) throw new TypeError("an inference request has a key");
  const open = (tag: string | null): Paying => ({
    purse: null,
    record: createUsageRecord({
      clock: engine.clock,
      principal,
      requestId: id,
      name: newHoldId(engine.clock.nowMs()),
      ledger: money.stores.ledger,
      buffer: money.buffer,
      isPaid: false,
      tag,
      onLost: (error) => {
        logger.error({ requestId: id, err: error }, "usage could not be recorded");
      },
    }),
  });
  return { headers: [], open };
};

/** Limits of a key and its budgets; an error where a limit is reached. */
export const termsOf = async (
  request: FastifyRequest,
  options: SurfaceRouteOptions,
): Promise<Terms | { readonly error: GatewayError; readonly headers: readonly string[] }> => {
  const { principal, id } = request;
  const { engine, money, logger } = options;
  if (principal === null) throw new TypeError("an inference request has a key");
  const { stores, limited } = money;
  const { clock } = engine;
  const onLost = (error: unknown): void => {
    logger.error({ requestId: id, err: error }, "money could not be booked");
  };
  const isClosed = money.refusesWithoutStore && limited.isEnforced(principal.workspace);
  const unlessClosed =
    <T>(otherwise: T) =>
    (error: unknown): T => {
      if (isClosed) throw error;
      onLost(error);
      return otherwise;
    };
  const rate = await takeRate(stores.shared, principal, clock.nowMs()).catch(
    unlessClosed(unlimited),
  );
  if (rate.error !== null) return { error: rate.error, headers: rate.headers };
  const isLimited = limited.has(principal.workspace);
  const budgets = isLimited
    ? await stores.budgets.list(principal.workspace, clock.nowMs()).catch(unlessClosed([]))
    : [];
  const headers = [...rate.headers, ...budgetHeaders(budgets, principal.keyId)];
  if (!isLimited) return { ...recordingTerms(request, options), headers };
  // A caller may choose the id of its request, and choose it twice.
  const common = { clock, principal, requestId: id, name: newHoldId(clock.nowMs()) };
  const open = (tag: string | null): Paying => {
    const { ledger, budgets: store } = stores;
    const { buffer } = money;
    const record = createUsageRecord({ ...common, ledger, buffer, isPaid: true, tag, onLost });
    const paid = { ...common, tag, budgets: store, refusesWithoutStore: isClosed, record, onLost };
    return { purse: createPurse(paid), record };
  };
  return { headers, open };
};
