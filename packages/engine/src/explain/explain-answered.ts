import type { CallerRequest } from "@pointsman/translate";
import type { RequestPlan, WorkspacePlan } from "../plan/plan-request.ts";
import type { AnsweredReport } from "../run/run-report.ts";
import { renderAnswered } from "./render-explanation.ts";
import { sourcesOf } from "./sources.ts";

/** What an answer says of its decision, once it is known what came of it. */
export const explainAnswered =
  ({
    decisionId,
    plan,
    caller,
    workspace,
  }: {
    readonly decisionId: string;
    readonly plan: RequestPlan;
    readonly caller: CallerRequest;
    readonly workspace: WorkspacePlan;
  }) =>
  (report: AnsweredReport): Readonly<Record<string, unknown>> =>
    renderAnswered(report, { decisionId, sources: sourcesOf(plan, caller, workspace) });
