export { createEngine } from "./engine.ts";
export type { Engine, EngineOptions } from "./engine.ts";
export type { Account, EngineProvider } from "./account/account.ts";
export { completeProvider } from "./account/provider-setup.ts";
export type { ProviderSetup } from "./account/provider-setup.ts";
export type { Clock, Timer } from "./clock/clock.ts";
export { systemClock } from "./clock/system-clock.ts";
export type { TokenCount } from "./count/count-tokens.ts";
export { createLocalFetch } from "./local/local-fetch.ts";
export type { LocalFetch } from "./local/local-call.ts";
export type {
  FinishedLocalRequest,
  LocalFetchOptions,
  LocalRequest,
} from "./local/local-options.ts";
export type { ModelCatalog } from "./models/model-catalog.ts";
export { defaultWorkspace } from "./plan/default-workspace.ts";
export { visibleTo } from "./plan/model-directory.ts";
export type { ModelDirectory } from "./plan/model-directory.ts";
export { planRequest } from "./plan/plan-request.ts";
export type { KeyLimits, PlanOptions, RequestPlan, WorkspacePlan } from "./plan/plan-request.ts";
export type { RunRequest } from "./run/run-request.ts";
export type {
  AnsweredReport,
  AttemptReport,
  RunEnd,
  RunHandle,
  RunReport,
  RunSink,
  RunStart,
} from "./run/run-report.ts";
export type { Purse, PurseAnswer, PurseBill, PurseExtension, PurseOrder } from "./run/purse.ts";
export { quoteOf } from "./run/admission.ts";
export type { Quote } from "./run/admission.ts";
export { rejectionError } from "./run/stop-error.ts";
export { defaultConduct } from "./run/conduct.ts";
export type { RunConduct } from "./run/conduct.ts";
export { adoptState } from "./state/adopt-state.ts";
export { defaultTimeouts } from "./run/timeouts.ts";
export type { Timeouts } from "./run/timeouts.ts";
