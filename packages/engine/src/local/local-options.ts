import type { Endpoint } from "@pointsman/core";
import type { ModelCatalog } from "../models/model-catalog.ts";
import type { ModelDirectory } from "../plan/model-directory.ts";
import type { WorkspacePlan } from "../plan/plan-request.ts";
import type { Purse } from "../run/purse.ts";
import type { RunReport } from "../run/run-report.ts";

/** A request in process that was read and planned. */
export type LocalRequest = {
  /** `req_…`, or the caller's own `X-Request-ID`. */
  readonly requestId: string;
  /** `dec_…` */
  readonly decisionId: string;
  readonly endpoint: Endpoint;
  readonly stream: boolean;
  /** `gateway.metadata.tags` of its body. */
  readonly tags: readonly string[];
};

/** The same once it is over. */
export type FinishedLocalRequest = LocalRequest & {
  /** `success`, `client_disconnected`, or the code of its error. */
  readonly outcome: string;
  readonly durationMs: number;
  /** Attempts, usage, cost; `null` = nothing was decided. */
  readonly report: RunReport | null;
};

/** How requests in process are taken. */
export type LocalFetchOptions = {
  /** Further names of models, and what is suggested for a wrong one. @default the offerings' ids alone */
  readonly catalog?: ModelCatalog;
  /** Which names mean which model. @default those of the engine's offerings and of `catalog` */
  readonly directory?: ModelDirectory;
  /** What each request starts from: routing, SLO, conduct; its id keeps prompts apart. @default `defaultWorkspace` */
  readonly workspace?: Partial<WorkspacePlan>;
  /** Where a request's money comes from. @default nothing limits it */
  readonly purse?: (request: LocalRequest) => Purse | null;
  /** Hears of every request that was planned, once it is over, in a turn of its own. @default nobody */
  readonly onFinished?: (finished: FinishedLocalRequest) => void;
  /** Where pages about errors are, no slash at the end; errors name them. @default the request's own origin */
  readonly docsBaseUrl?: string;
};
