import type { FastifyReply, FastifyRequest } from "fastify";
import type { RunReport } from "@pointsman/engine";
import {
  asksToExplain,
  explainAnswered,
  newDecisionId,
  rawBodyOf,
  runSurface,
} from "@pointsman/engine/surfaces";
import type { Surface } from "@pointsman/engine/surfaces";
import type { GatewayError } from "@pointsman/translate";
import { sendError } from "../http/create-server.ts";
import { setHeaders } from "../http/set-headers.ts";
import { explanationsAreOff } from "../route/explanations-are-off.ts";
import type { Workspace } from "../workspaces/workspace-book.ts";
import { claimOf } from "./claim.ts";
import type { ClaimEnd } from "./claim.ts";
import { planCaller } from "./plan-caller.ts";
import type { SurfaceRouteOptions } from "./surface-options.ts";
import { recordingTerms, termsOf } from "./terms.ts";
import type { Terms } from "./terms.ts";

/** Marks own keys that their provider no longer takes. */
const tellRefusedKeys = (
  { attempts }: RunReport,
  workspace: Workspace,
  { onOwnKeyRefused }: SurfaceRouteOptions,
): void => {
  for (const { outcome, candidate } of attempts) {
    if (outcome !== "auth_error" || candidate.credential.owner !== "byok") continue;
    const { id } = candidate.credential;
    const own = workspace.own.find(({ account }) => account.credential.id === id);
    if (own !== undefined) onOwnKeyRefused(workspace.id, own.keyId);
  }
};

/** Handles the inference requests of one surface. */
export const createSurfaceHandler =
  (surface: Surface, options: SurfaceRouteOptions) =>
  (request: FastifyRequest, reply: FastifyReply): void => {
    const { money } = options;
    const { principal } = request;
    const isLimited =
      principal !== null &&
      (principal.rateLimitRpm !== null ||
        request.headers["idempotency-key"] !== undefined ||
        money.limited.has(principal.workspace));
    // Most are not, and go on in the same turn.
    if (!isLimited) {
      const terms = recordingTerms(request, options);
      return answer(surface, options, { request, reply, terms, claim: null });
    }
    void answerOnTerms(surface, options, { request, reply });
  };

const answerOnTerms = async (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> => {
  const { docsBaseUrl, logger } = options;
  try {
    // Before the claim: a repeat counts against the limit, and is told how it stands.
    const terms = await termsOf(request, options);
    const refuse = (error: GatewayError): void => {
      setHeaders(reply, terms.headers);
      sendError(reply, error, docsBaseUrl);
    };
    if ("error" in terms) return refuse(terms.error);
    const claim = await claimOf(request, options);
    if (claim !== null && "error" in claim) return refuse(claim.error);
    answer(surface, options, { request, reply, terms, claim });
  } catch (error) {
    logger.error({ requestId: request.id, err: error }, "limits could not be read");
    const message = "Limits cannot be read.";
    sendError(reply, { code: "service_unavailable", message, param: null }, docsBaseUrl);
  }
};

/** A request that its limits let pass. */
type Admitted = {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly terms: Terms;
  /** Of its idempotency key; `null` = it has none. */
  readonly claim: ClaimEnd | null;
};

const answer = (
  surface: Surface,
  options: SurfaceRouteOptions,
  { request, reply, terms, claim }: Admitted,
): void => {
  const { engine, docsBaseUrl, logger } = options;
  const refuse = (error: GatewayError): void => {
    claim?.release();
    setHeaders(reply, terms.headers);
    sendError(reply, error, docsBaseUrl);
  };
  const body = rawBodyOf(request.body);
  const read = body.ok ? surface.read(body.raw, request.headers) : body;
  if (!read.ok) {
    refuse(read.error);
    return;
  }
  const { caller } = read;
  const planned = planCaller(caller, request, options);
  if (!planned.ok) {
    refuse(planned.error);
    return;
  }
  const { plan } = planned;
  const decisionId = newDecisionId();
  const explain = asksToExplain(request.headers, caller);
  if (explain && !options.explains) {
    refuse(explanationsAreOff);
    return;
  }
  const tell = (outcome: string, report: RunReport | null): void => {
    options.onFinished({
      requestId: request.id,
      decisionId,
      atMs: engine.clock.nowMs(),
      workspaceId: planned.workspace.id,
      keyId: request.principal?.keyId ?? "",
      tags: caller.outline.gateway?.metadata?.tags ?? [],
      endpoint: surface.endpoint,
      stream: plan.routing.stream,
      outcome,
      durationMs: engine.clock.monotonicMs() - request.receivedAtMs,
      report,
    });
  };
  const paying = terms.open(caller.outline.gateway?.metadata?.tags?.[0] ?? null);
  reply.hijack();
  runSurface(engine, {
    surface,
    request: read,
    plan,
    output: reply.raw,
    requestId: request.id,
    receivedAtMs: request.receivedAtMs,
    stream: plan.routing.stream,
    decisionId,
    explain: explain
      ? explainAnswered({ decisionId, plan, caller, workspace: planned.workspace.plan })
      : null,
    ownAccounts: planned.workspace.ownAccounts,
    purse: paying.purse,
    docsBaseUrl,
    headers: terms.headers,
    onLeft: (report) => {
      tell("client_disconnected", report);
      paying.record.finished("error", report);
      claim?.release();
    },
    onEnd: (error, report) => {
      if (report !== null) tellRefusedKeys(report, planned.workspace, options);
      tell(error?.code ?? "success", report);
      if (error === null) {
        paying.record.finished("success", report);
        claim?.finish();
        return;
      }
      const { code, provider, param } = error;
      claim?.release();
      const isRate = code === "rate_limit_exceeded";
      paying.record.finished(isRate ? "rate_limited" : "error", report);
      // Not its message: that may be a provider's, who repeats what it was sent.
      logger.warn({ requestId: request.id, code, provider, param }, "a request failed");
    },
  });
};
