import {
  chatRequestSchema,
  messagesRequestSchema,
  responsesRequestSchema,
} from "@pointsman/translate";
import type { z } from "zod";
import { changeByokKeySchema, createByokKeySchema } from "../byok/byok-routes.ts";
import { creditsSchema } from "../manage/billing-routes.ts";
import { changeBudgetSchema, createBudgetSchema } from "../manage/budget-routes.ts";
import { changeKeySchema, createKeySchema } from "../manage/key-routes.ts";
import { mergeRoutingSchema, replaceRoutingSchema } from "../manage/routing-routes.ts";
import { changeWorkspaceSchema, createWorkspaceSchema } from "../manage/workspace-routes.ts";
import * as discovery from "./discovery-answers.ts";
import * as inference from "./inference-answers.ts";
import * as management from "./management-answers.ts";

/** A parameter of the query. */
export type QueryParameter = {
  readonly name: string;
  readonly values?: readonly string[];
  readonly type?: "string" | "integer";
};

/** One endpoint as the document describes it. */
export type Operation = {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Parameters in braces. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  /** `null` = no key is needed. */
  readonly scope: string | null;
  readonly query?: readonly QueryParameter[];
  readonly body?: z.ZodType;
  /** Status of success. @default 200 */
  readonly status?: number;
  /** `null` = it is no JSON. */
  readonly answer: z.ZodType | null;
  /** Of status 202: done, and not in force yet. */
  readonly accepted?: z.ZodType;
  /** Type of an answer that is no JSON, or may be none. */
  readonly media?: string;
  /** Errors come in Anthropic's envelope. @default false */
  readonly anthropic?: true;
  readonly idempotent?: true;
};

const stream = "text/event-stream";
const page: readonly QueryParameter[] = [{ name: "limit", type: "integer" }, { name: "after" }];
const seeded: readonly QueryParameter[] = [
  { name: "endpoint", values: ["chat_completions", "responses", "messages"] },
  { name: "seed", type: "integer" },
];

const inferenceOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/v1/chat/completions",
    id: "createChatCompletion",
    summary: "Answer a chat request, whole or as a stream.",
    scope: "inference",
    body: chatRequestSchema,
    answer: inference.chatAnswerSchema,
    media: stream,
    idempotent: true,
  },
  {
    method: "post",
    path: "/v1/responses",
    id: "createResponse",
    summary: "Answer a request of the Responses API, whole or as a stream.",
    scope: "inference",
    body: responsesRequestSchema,
    answer: inference.responsesAnswerSchema,
    media: stream,
    idempotent: true,
  },
  {
    method: "post",
    path: "/v1/messages",
    id: "createMessage",
    summary: "Answer a request of the Messages API, whole or as a stream.",
    scope: "inference",
    body: messagesRequestSchema,
    answer: inference.messagesAnswerSchema,
    media: stream,
    anthropic: true,
    idempotent: true,
  },
  {
    method: "post",
    path: "/v1/messages/count_tokens",
    id: "countTokens",
    summary: "Count a prompt's tokens; free of charge.",
    scope: "inference",
    body: messagesRequestSchema.omit({ max_tokens: true }),
    answer: inference.countTokensAnswerSchema,
    anthropic: true,
  },
  {
    method: "post",
    path: "/v1/route",
    id: "decideRoute",
    summary: "Tell where a request would go; nothing is called.",
    scope: "inference",
    query: seeded,
    body: chatRequestSchema,
    answer: inference.routeAnswerSchema,
  },
  {
    method: "post",
    path: "/v1/route/explain",
    id: "explainRoute",
    summary: "Tell where a request would go, and why.",
    scope: "inference",
    query: seeded,
    body: chatRequestSchema,
    answer: inference.explainAnswerSchema,
  },
];

const discoveryOperations: readonly Operation[] = [
  {
    method: "get",
    path: "/v1/models",
    id: "listModels",
    summary: "List models.",
    scope: "any",
    query: [{ name: "endpoint", values: ["chat_completions", "responses"] }],
    answer: discovery.modelListSchema,
  },
  {
    method: "get",
    path: "/v1/models/{model}",
    id: "retrieveModel",
    summary: "One model, by id or alias.",
    scope: "any",
    answer: discovery.modelSchema,
  },
  {
    method: "get",
    path: "/v1/me",
    id: "me",
    summary: "Whose key it is, and what it may do.",
    scope: "any",
    answer: discovery.meSchema,
  },
  {
    method: "get",
    path: "/v1/registry/providers",
    id: "listProviders",
    summary: "List providers.",
    scope: null,
    answer: discovery.registryProvidersSchema,
  },
  {
    method: "get",
    path: "/v1/registry/models",
    id: "listRegistry",
    summary: "List models with what they can do.",
    scope: null,
    answer: discovery.registryModelsSchema,
  },
  {
    method: "get",
    path: "/v1/directory/models",
    id: "listDirectory",
    summary: "List models with prices and limits at every provider.",
    scope: null,
    answer: discovery.directorySchema,
  },
  {
    method: "get",
    path: "/v1/byok/providers",
    id: "listByokProviders",
    summary: "Providers that take keys of one's own.",
    scope: null,
    answer: discovery.byokProvidersSchema,
  },
  {
    method: "get",
    path: "/v1/byok/providers/{provider}/tiers",
    id: "listByokTiers",
    summary: "Kinds of accounts at a provider.",
    scope: null,
    answer: discovery.byokTiersSchema,
  },
];

type Collection = {
  readonly path: string;
  readonly parameter: string;
  readonly name: string;
  readonly plural: string;
  readonly scope: string;
  readonly create: z.ZodType;
  readonly change: z.ZodType;
  readonly item: z.ZodType;
  readonly created?: z.ZodType;
  readonly accepted?: z.ZodType;
  readonly idempotent?: true;
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** What every collection of a workspace can do. */
const collection = (of: Collection): readonly Operation[] => {
  const one = `${of.path}/{${of.parameter}}`;
  const reads = `${of.scope}:read`;
  const writes = `${of.scope}:write`;
  return [
    {
      method: "post",
      path: of.path,
      id: `create${capital(of.name)}`,
      summary: `Make one of the ${of.plural}.`,
      scope: writes,
      body: of.create,
      status: 201,
      answer: of.created ?? of.item,
      ...(of.accepted === undefined ? {} : { accepted: of.accepted }),
      ...(of.idempotent ? { idempotent: of.idempotent } : {}),
    },
    {
      method: "get",
      path: of.path,
      id: `list${capital(of.name)}s`,
      summary: `List the ${of.plural}.`,
      scope: reads,
      query: page,
      answer: management.listOf(of.item),
    },
    {
      method: "get",
      path: one,
      id: `retrieve${capital(of.name)}`,
      summary: `One of the ${of.plural}.`,
      scope: reads,
      answer: of.item,
    },
    {
      method: "patch",
      path: one,
      id: `update${capital(of.name)}`,
      summary: `Change one of the ${of.plural}.`,
      scope: writes,
      body: of.change,
      answer: of.item,
    },
    {
      method: "delete",
      path: one,
      id: `delete${capital(of.name)}`,
      summary: `Take one of the ${of.plural} away, at once.`,
      scope: writes,
      answer: management.deletedSchema,
    },
  ];
};

const workspace = "/v1/workspaces/{workspace}";

const managementOperations: readonly Operation[] = [
  {
    method: "post",
    path: "/v1/workspaces",
    id: "createWorkspace",
    summary: "Make a workspace.",
    scope: "admin",
    body: createWorkspaceSchema,
    status: 201,
    answer: management.workspaceSchema,
    idempotent: true,
  },
  {
    method: "get",
    path: "/v1/workspaces",
    id: "listWorkspaces",
    summary: "List the workspaces that the key reaches.",
    scope: "workspaces:read",
    query: page,
    answer: management.listOf(management.workspaceSchema),
  },
  {
    method: "get",
    path: workspace,
    id: "retrieveWorkspace",
    summary: "One workspace.",
    scope: "workspaces:read",
    answer: management.workspaceSchema,
  },
  {
    method: "patch",
    path: workspace,
    id: "updateWorkspace",
    summary: "Rename a workspace.",
    scope: "workspaces:write",
    body: changeWorkspaceSchema,
    answer: management.workspaceSchema,
  },
  ...collection({
    path: `${workspace}/api-keys`,
    parameter: "key",
    name: "apiKey",
    plural: "gateway's keys",
    scope: "keys",
    create: createKeySchema,
    change: changeKeySchema,
    item: management.keySchema,
    created: management.createdKeySchema,
  }),
  {
    method: "get",
    path: `${workspace}/api-keys/{key}/usage`,
    id: "retrieveApiKeyUsage",
    summary: "What a key used.",
    scope: "any",
    query: [{ name: "period", values: ["day", "week", "month"] }],
    answer: management.keyUsageSchema,
  },
  ...collection({
    path: `${workspace}/byok-keys`,
    parameter: "byok",
    name: "byokKey",
    plural: "workspace's own provider keys",
    scope: "byok",
    create: createByokKeySchema,
    change: changeByokKeySchema,
    item: management.byokKeySchema,
    accepted: management.pendingByokKeySchema,
    idempotent: true,
  }),
  {
    method: "post",
    path: `${workspace}/byok-keys/{byok}/validate`,
    id: "validateByokKey",
    summary: "Ask the provider again whether it takes a key.",
    scope: "byok:write",
    answer: management.byokKeySchema,
  },
  ...collection({
    path: `${workspace}/budgets`,
    parameter: "budget",
    name: "budget",
    plural: "budgets",
    scope: "budgets",
    create: createBudgetSchema,
    change: changeBudgetSchema,
    item: management.budgetSchema,
    idempotent: true,
  }),
  {
    method: "get",
    path: `${workspace}/routing`,
    id: "retrieveRouting",
    summary: "A workspace's routing defaults.",
    scope: "routing:read",
    answer: management.routingSchema,
  },
  {
    method: "put",
    path: `${workspace}/routing`,
    id: "replaceRouting",
    summary: "Replace the routing defaults.",
    scope: "routing:write",
    body: replaceRoutingSchema,
    answer: management.routingSchema,
  },
  {
    method: "patch",
    path: `${workspace}/routing`,
    id: "updateRouting",
    summary: "Change some of the routing defaults; null clears one.",
    scope: "routing:write",
    body: mergeRoutingSchema,
    answer: management.routingSchema,
  },
  {
    method: "get",
    path: `${workspace}/billing/balance`,
    id: "retrieveBalance",
    summary: "Prepaid credits that are left.",
    scope: "billing:read",
    answer: management.balanceSchema,
  },
  {
    method: "post",
    path: `${workspace}/billing/credits`,
    id: "addCredits",
    summary: "Add prepaid credits.",
    scope: "admin",
    body: creditsSchema,
    status: 201,
    answer: management.balanceSchema,
    idempotent: true,
  },
  {
    method: "get",
    path: `${workspace}/usage`,
    id: "listUsage",
    summary: "What requests used, by group and interval.",
    scope: "usage:read",
    query: [
      { name: "by", values: ["provider", "model", "key", "tag"] },
      { name: "since" },
      { name: "until" },
      { name: "interval", values: ["hour", "day"] },
    ],
    answer: management.usageSchema,
  },
  {
    method: "get",
    path: "/v1/admin/health",
    id: "adminHealth",
    summary: "Breakers, speeds and odds of every offering.",
    scope: "admin",
    answer: management.healthSchema,
  },
  {
    method: "get",
    path: "/v1/admin/live",
    id: "adminLive",
    summary: "Every request that is over, as it happens; no content.",
    scope: "admin",
    answer: null,
    media: stream,
  },
];

const plainOperations: readonly Operation[] = [
  {
    method: "get",
    path: "/docs/errors/{code}",
    id: "errorPage",
    summary: "Meaning, cause and remedy of an error.",
    scope: null,
    answer: null,
    media: "text/html",
  },
  {
    method: "get",
    path: "/healthz",
    id: "healthz",
    summary: "Whether the process lives.",
    scope: null,
    answer: null,
    media: "application/json",
  },
  {
    method: "get",
    path: "/readyz",
    id: "readyz",
    summary: "Whether it takes requests.",
    scope: null,
    answer: null,
    media: "application/json",
  },
  {
    method: "get",
    path: "/metrics",
    id: "metrics",
    summary: "Metrics for Prometheus; to this machine and admin keys.",
    scope: null,
    answer: null,
    media: "text/plain",
  },
  {
    method: "get",
    path: "/dashboard",
    id: "dashboard",
    summary: "A page that shows requests, providers and spending; to this machine and admin keys.",
    scope: null,
    answer: null,
    media: "text/html",
  },
  {
    method: "get",
    path: "/dashboard/{file}",
    id: "dashboardFile",
    summary: "The page's parts.",
    scope: null,
    answer: null,
    media: "text/javascript",
  },
  {
    method: "get",
    path: "/openapi.json",
    id: "openapi",
    summary: "This document.",
    scope: null,
    answer: null,
    media: "application/json",
  },
];

/** Every endpoint of the gateway. */
export const operations: readonly Operation[] = [
  ...inferenceOperations,
  ...discoveryOperations,
  ...managementOperations,
  ...plainOperations,
];
