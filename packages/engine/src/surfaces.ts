export { errorAnswer } from "./errors/error-answer.ts";
export type { ErrorAnswer } from "./errors/error-answer.ts";
export { errorBodyOf } from "./errors/error-body.ts";
export type { ErrorBody } from "./errors/error-body.ts";
export { asksToExplain } from "./explain/asks-to-explain.ts";
export { explainAnswered } from "./explain/explain-answered.ts";
export { renderDirective, renderExplanation } from "./explain/render-explanation.ts";
export type { ExplanationFacts, HoldScope } from "./explain/render-explanation.ts";
export { sourcesOf } from "./explain/sources.ts";
export type { ConstraintSource, Sources } from "./explain/sources.ts";
export { newDecisionId, randomName, requestIdOf } from "./ids/ids.ts";
export { endpointsOf, isChatCallable } from "./models/list-models.ts";
export { modelAnswer, modelsAnswer } from "./models/models-answer.ts";
export type { ModelsAnswer, ModelsSource } from "./models/models-answer.ts";
export type { AnswerOutput, FlatHeaders } from "./surfaces/answer-output.ts";
export { countTokensPath, readCountRequest } from "./surfaces/messages/read-count.ts";
export { rawBodyOf } from "./surfaces/raw-body.ts";
export { runSurface } from "./surfaces/run-surface.ts";
export type { SurfaceRun } from "./surfaces/run-surface.ts";
export type { SurfaceAnswerOptions } from "./surfaces/surface-answer.ts";
export type {
  AnswerWriter,
  CallerHeaders,
  EncodedBody,
  ReadSurfaceRequest,
  Surface,
  SurfaceRequest,
} from "./surfaces/surface.ts";
export { surfaces } from "./surfaces/surfaces.ts";
