import type { FastifyInstance } from "fastify";
import type { Principal } from "../auth/key-ring.ts";
import { setHeaders } from "../http/set-headers.ts";
import { budgetHeaders } from "../money/budget-headers.ts";
import { inWorkspace } from "./manage-context.ts";
import { managementRpm } from "./management-rate.ts";
import type { ManageOptions } from "./manage-context.ts";

const profileOf = ({ scopes }: Principal): "inference" | "management" | "admin" => {
  if (scopes.has("admin")) return "admin";
  return [...scopes].every((scope) => scope === "inference") ? "inference" : "management";
};

/** GET /v1/me: whose key it is, and what it may do (docs/contract.md §20). */
export const addMeRoute = (app: FastifyInstance, options: ManageOptions): void => {
  const { stores, clock, book, limited, startedAtMs } = options;
  app.get(
    "/v1/me",
    { config: { scope: "any" } },
    inWorkspace(options, async ({ principal, workspaceId }, _request, reply) => {
      if (limited.has(workspaceId)) {
        const budgets = await stores.budgets.list(workspaceId, clock.nowMs());
        setHeaders(reply, budgetHeaders(budgets, principal.keyId));
      }
      const { keyId, keyName, keyPrefix, scopes, rateLimitRpm, expiresAtMs } = principal;
      void reply.send({
        credential_type: "api_key",
        status: "active",
        profile: profileOf(principal),
        key_id: keyId,
        key_prefix: keyPrefix,
        key_name: keyName,
        workspace: { id: workspaceId, name: book.get(workspaceId)?.name ?? workspaceId },
        scopes: [...scopes],
        rate_limits: {
          inference_rpm: rateLimitRpm ?? 0,
          management_reads_rpm: managementRpm.reads,
          management_writes_rpm: managementRpm.writes,
        },
        expires_at: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
        created_at: new Date(principal.createdAtMs ?? startedAtMs).toISOString(),
      });
    }),
  );
};
