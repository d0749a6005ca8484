import type { FastifyRequest } from "fastify";
import type { Offering } from "@pointsman/core";
import { planRequest } from "@pointsman/engine";
import type { RequestPlan } from "@pointsman/engine";
import type { Workspace } from "../workspaces/workspace-book.ts";
import { keepsPolicy } from "../byok/account-tiers.ts";
import type { CallerRequest, GatewayError } from "@pointsman/translate";
import type { SurfaceRouteOptions } from "./surface-options.ts";

type DataPolicy = Offering["dataPolicy"];

/** What planning looks at. */
type PlanCallerOptions = Pick<SurfaceRouteOptions, "directory" | "book">;

/** Without own accounts whose contract with the provider is laxer than what is asked for. */
const keepingPolicy = (
  plan: RequestPlan,
  { own, credentials }: Workspace,
  wanted: DataPolicy,
): RequestPlan => {
  const lax = new Set(
    own
      // What the provider promises everyone is core's to check, offering by offering.
      .filter(({ tier }) => !keepsPolicy(tier, "zdr", wanted))
      .map(({ account }) => account.credential.id),
  );
  const kept = credentials.filter(({ id }) => !lax.has(id));
  return { ...plan, routing: { ...plan.routing, credentials: kept } };
};

/** Plans what a caller asks for within what its key and workspace allow. */
export const planCaller = (
  caller: CallerRequest,
  { principal }: FastifyRequest,
  { directory, book }: PlanCallerOptions,
):
  | { readonly ok: true; readonly plan: RequestPlan; readonly workspace: Workspace }
  | { readonly ok: false; readonly error: GatewayError } => {
  const workspace = book.get(principal?.workspace ?? "");
  if (principal === null || workspace === undefined)
    throw new TypeError("a checked key belongs to a workspace");
  const { plan, credentials } = workspace;
  const planned = planRequest({
    caller,
    workspace: plan,
    directory,
    credentials,
    allowed: principal,
  });
  if (!planned.ok) return planned;
  const { dataPolicy } = planned.plan.routing.constraints;
  if (workspace.own.length > 0 && dataPolicy !== undefined && dataPolicy !== "none") {
    return { ...planned, plan: keepingPolicy(planned.plan, workspace, dataPolicy), workspace };
  }
  return { ...planned, workspace };
};
