import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { sendError } from "../http/create-server.ts";
import { byokCapOf, leftOfCap } from "../money/byok-cap.ts";
import { addCredits, balanceMicroUsd, creditsOf } from "../money/credits.ts";
import { picoPerMicro, usdOfPico, usdText } from "../money/usd.ts";
import { inWorkspace } from "./manage-context.ts";
import type { Managed, ManageOptions } from "./manage-context.ts";
import { readBody } from "./read-body.ts";

/** Body of POST W/billing/credits. */
export const creditsSchema = z.strictObject({
  amount_microdollars: z.int().positive().max(9_000_000_000_000),
  note: z.string().max(500).optional(),
});

/** GET of a workspace's balance, and POST of credits bought (docs/contract.md §21). */
export const addBillingRoutes = (app: FastifyInstance, options: ManageOptions): void => {
  const { stores, clock, docsBaseUrl, limited, logger, buffer } = options;
  const path = "/v1/workspaces/:workspace/billing";

  const show = async (reply: FastifyReply, workspaceId: string, status = 200): Promise<void> => {
    const nowMs = clock.nowMs();
    const budgets = await stores.budgets.list(workspaceId, nowMs);
    const credits = creditsOf(budgets);
    const cap = byokCapOf(budgets);
    const micro = credits === null ? null : balanceMicroUsd(credits);
    await buffer.flush();
    const [used] = await stores.ledger.sum({ workspaceId, sinceMs: 0, untilMs: nowMs + 1 });
    void reply.code(status).send({
      object: "balance",
      balance_microdollars: micro,
      balance_cents: micro === null ? null : Math.floor(micro / 10_000),
      balance_usd: credits === null ? null : usdText(credits.limitPicoUsd - credits.spentPicoUsd),
      credits_purchased_microdollars:
        credits === null ? 0 : Number(credits.limitPicoUsd / picoPerMicro),
      credits_used_microdollars: credits === null ? 0 : Number(credits.spentPicoUsd / picoPerMicro),
      auto_reload: { enabled: false, threshold_cents: null, target_cents: null },
      tier: "self_hosted",
      payment_method: null,
      platform_fee_rate: "0",
      lifetime_volume_usd: usdOfPico(used?.costPicoUsd ?? 0n),
      byok_monthly_cap: cap === null ? null : usdOfPico(cap.limitPicoUsd),
      byok_monthly_remaining: cap === null ? null : usdOfPico(leftOfCap(cap)),
    });
  };

  const add = async (
    { principal, workspaceId }: Managed,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> => {
    const read = readBody(request.body, creditsSchema);
    if (!read.ok) return sendError(reply, read.error, docsBaseUrl);
    const { amount_microdollars: amount, note } = read.value;
    const picoUsd = BigInt(amount) * picoPerMicro;
    try {
      await addCredits(stores.budgets, workspaceId, { picoUsd, nowMs: clock.nowMs() });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = "Credits cannot be that many.";
      const param = "amount_microdollars";
      const code = "invalid_parameter_value";
      return sendError(reply, { code, message, param }, docsBaseUrl);
    }
    await limited.look(stores.budgets, workspaceId, clock.nowMs());
    const event = { event: "credits.added", workspaceId, keyId: principal.keyId, amount, note };
    logger.info(event, "credits were added");
    await show(reply, workspaceId, 201);
  };

  app.get(
    `${path}/balance`,
    { config: { scope: "billing:read" } },
    inWorkspace(options, ({ workspaceId }, _request, reply) => show(reply, workspaceId)),
  );
  app.post(
    `${path}/credits`,
    { config: { scope: "admin", idempotent: true } },
    inWorkspace(options, add),
  );
};
