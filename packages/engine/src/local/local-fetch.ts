import type { Engine } from "../engine.ts";
import { modelAnswer, modelsAnswer } from "../models/models-answer.ts";
import type { ModelsAnswer, ModelsSource } from "../models/models-answer.ts";
import { servedDirectory } from "../models/served-directory.ts";
import { defaultWorkspace } from "../plan/default-workspace.ts";
import { countTokensPath } from "../surfaces/messages/read-count.ts";
import { surfaces } from "../surfaces/surfaces.ts";
import { answerLocally, countLocally } from "./answer-locally.ts";
import type { LocalContext } from "./answer-locally.ts";
import { errorResponse, jsonAnswer, readCall } from "./local-call.ts";
import type { LocalCall, LocalFetch } from "./local-call.ts";
import type { LocalFetchOptions } from "./local-options.ts";

type Route = {
  readonly method: "GET" | "POST";
  readonly answer: (call: LocalCall) => Response | Promise<Response>;
};

const modelsPath = "/v1/models";

/** A name within a path; what is not well escaped is taken as it stands. */
const unescaped = (name: string): string => {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
};

/**
 * A `fetch` for clients of OpenAI, Anthropic and Pointsman that an engine answers in this process: POST
 * /v1/chat/completions, /v1/responses, /v1/messages, /v1/messages/count_tokens and GET /v1/models, as a gateway
 * does, with its errors, headers and routing metadata. Hosts and keys of requests are not looked at. Ending a
 * stream, or aborting the signal, ends the call at the provider.
 *
 * It rejects with what the signal is aborted with, as `fetch` does; every other failure is an answer.
 */
export const createLocalFetch = (engine: Engine, options: LocalFetchOptions = {}): LocalFetch => {
  const { catalog = null, directory = servedDirectory(engine.offerings, catalog) } = options;
  const { purse, onFinished, docsBaseUrl } = options;
  const context: LocalContext = {
    engine,
    directory,
    workspace: { ...defaultWorkspace, ...options.workspace },
    ...(purse === undefined ? {} : { purse }),
    ...(onFinished === undefined ? {} : { onFinished }),
    ...(docsBaseUrl === undefined ? {} : { docsBaseUrl }),
  };
  const sourceFor = ({ headers }: LocalCall): ModelsSource => ({
    offerings: engine.offerings,
    catalog,
    directory,
    headers,
    nowMs: engine.clock.nowMs(),
  });
  const tellModels = (call: LocalCall, answer: ModelsAnswer): Response =>
    "body" in answer
      ? jsonAnswer(call, answer.body)
      : errorResponse(call, answer.error, { docsBaseUrl });

  const routes = new Map<string, Route>([
    ...surfaces.map((surface): [string, Route] => [
      surface.path,
      { method: "POST", answer: (call) => answerLocally(surface, call, context) },
    ]),
    [countTokensPath, { method: "POST", answer: (call) => countLocally(call, context) }],
    [
      modelsPath,
      {
        method: "GET",
        answer: (call) => {
          const endpoint = call.url.searchParams.get("endpoint") ?? undefined;
          return tellModels(call, modelsAnswer(sourceFor(call), endpoint));
        },
      },
    ],
  ]);
  const oneModel: Route = {
    method: "GET",
    answer: (call) => {
      const name = unescaped(call.url.pathname.slice(modelsPath.length + 1));
      return tellModels(call, modelAnswer(sourceFor(call), name));
    },
  };

  return async (...args) => {
    const call = await readCall(engine, args);
    const { method, url } = call;
    const path = url.pathname;
    const route = routes.get(path) ?? (path.startsWith(`${modelsPath}/`) ? oneModel : undefined);
    if (route?.method === method) return route.answer(call);
    if (route === undefined) {
      const message = `There is nothing at ${path}.`;
      const error = { code: "resource_not_found", message, param: null } as const;
      return errorResponse(call, error, { docsBaseUrl });
    }
    const message = `${method} is not allowed on ${path}.`;
    const error = { code: "method_not_allowed", message, param: null } as const;
    return errorResponse(call, error, { docsBaseUrl, headers: { allow: route.method } });
  };
};
