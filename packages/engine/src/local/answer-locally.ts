import type { GatewayError } from "@pointsman/translate";
import type { Engine } from "../engine.ts";
import { asksToExplain } from "../explain/asks-to-explain.ts";
import { explainAnswered } from "../explain/explain-answered.ts";
import { newDecisionId } from "../ids/ids.ts";
import type { ModelDirectory } from "../plan/model-directory.ts";
import { planRequest } from "../plan/plan-request.ts";
import type { WorkspacePlan } from "../plan/plan-request.ts";
import type { RunReport } from "../run/run-report.ts";
import { readCountRequest } from "../surfaces/messages/read-count.ts";
import { rawBodyOf } from "../surfaces/raw-body.ts";
import { runSurface } from "../surfaces/run-surface.ts";
import type { Surface } from "../surfaces/surface.ts";
import { errorResponse, jsonAnswer } from "./local-call.ts";
import type { LocalCall } from "./local-call.ts";
import type { LocalFetchOptions, LocalRequest } from "./local-options.ts";
import { LocalOutput } from "./local-output.ts";

/** What requests in process are answered with, nothing left open. */
export type LocalContext = Pick<LocalFetchOptions, "purse" | "onFinished" | "docsBaseUrl"> & {
  readonly engine: Engine;
  readonly directory: ModelDirectory;
  readonly workspace: WorkspacePlan;
};

const refusal = (call: LocalCall, error: GatewayError, context: LocalContext): Response =>
  errorResponse(call, error, { docsBaseUrl: context.docsBaseUrl });

const planned = (
  caller: Parameters<typeof planRequest>[0]["caller"],
  { engine, directory, workspace }: LocalContext,
): ReturnType<typeof planRequest> =>
  planRequest({ caller, workspace, directory, credentials: engine.credentials });

/** Answers an inference request of a surface. */
export const answerLocally = async (
  surface: Surface,
  call: LocalCall,
  context: LocalContext,
): Promise<Response> => {
  const { engine, workspace, docsBaseUrl = call.url.origin } = context;
  const { clock } = engine;
  const body = rawBodyOf(call.body);
  if (!body.ok) return refusal(call, body.error, context);
  const read = surface.read(body.raw, call.headers);
  if (!read.ok) return refusal(call, read.error, context);
  const { caller } = read;
  const planning = planned(caller, context);
  if (!planning.ok) return refusal(call, planning.error, context);
  const { plan } = planning;
  const request: LocalRequest = {
    requestId: call.requestId,
    decisionId: newDecisionId(),
    endpoint: surface.endpoint,
    stream: plan.routing.stream,
    tags: caller.outline.gateway?.metadata?.tags ?? [],
  };
  const { decisionId } = request;
  const tell = (outcome: string, report: RunReport | null): void => {
    const { onFinished } = context;
    if (onFinished === undefined) return;
    const durationMs = clock.monotonicMs() - call.receivedAtMs;
    // Whatever it throws must not break the answer.
    queueMicrotask(() => {
      onFinished({ ...request, outcome, durationMs, report });
    });
  };
  call.signal?.throwIfAborted();
  const output = new LocalOutput(call.signal);
  runSurface(engine, {
    surface,
    request: read,
    plan,
    output,
    requestId: call.requestId,
    receivedAtMs: call.receivedAtMs,
    stream: request.stream,
    decisionId,
    explain: asksToExplain(call.headers, caller)
      ? explainAnswered({ decisionId, plan, caller, workspace })
      : null,
    ownAccounts: [],
    purse: context.purse?.(request) ?? null,
    docsBaseUrl: () => docsBaseUrl,
    headers: [],
    onEnd: (error, report) => {
      tell(error?.code ?? "success", report);
    },
    onLeft: (report) => {
      tell("client_disconnected", report);
    },
  });
  return output.response;
};

/** Answers POST /v1/messages/count_tokens. */
export const countLocally = async (call: LocalCall, context: LocalContext): Promise<Response> => {
  const body = rawBodyOf(call.body);
  if (!body.ok) return refusal(call, body.error, context);
  const read = readCountRequest(body.raw, call.headers);
  if (!read.ok) return refusal(call, read.error, context);
  const planning = planned(read.caller, context);
  if (!planning.ok) return refusal(call, planning.error, context);
  const { tokens, model } = await context.engine.countTokens(read.caller, planning.plan.routing);
  call.signal?.throwIfAborted();
  return jsonAnswer(call, { input_tokens: tokens }, { "x-token-count-model": model });
};
