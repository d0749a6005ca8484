import type { RequestOptions, Transport } from "../http/transport.ts";
import { withHeaders } from "../http/with-headers.ts";
import type { Answered } from "../http/with-headers.ts";
import type { ChatCompletionParams } from "../types/chat.ts";
import type { MessagesParams } from "../types/messages.ts";
import type {
  Directory,
  Me,
  Model,
  ModelList,
  ProviderList,
  RegistryList,
} from "../types/models.ts";
import type { ResponseParams } from "../types/responses.ts";
import type { RouteDecision, RouteExplanation, RouteParams } from "../types/route.ts";

const get = async <Body>(
  transport: Transport,
  path: string,
  options: RequestOptions = {},
  query: Readonly<Record<string, string | number | undefined>> = {},
): Promise<Answered<Body>> =>
  withHeaders<Body>(await transport.json({ method: "GET", path, query }, options));

/** Models, and what is known of them. */
export class Models {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(
    params: { readonly endpoint?: "chat_completions" | "responses" } = {},
    options?: RequestOptions,
  ): Promise<Answered<ModelList>> {
    return get(this.#transport, "/models", options, params);
  }

  /** By id or alias. */
  retrieve(model: string, options?: RequestOptions): Promise<Answered<Model>> {
    return get(this.#transport, `/models/${encodeURIComponent(model)}`, options);
  }

  /** With prices and limits at every provider. */
  listDirectory(options?: RequestOptions): Promise<Answered<Directory>> {
    return get(this.#transport, "/directory/models", options);
  }

  /** With what they can do. */
  listRegistry(options?: RequestOptions): Promise<Answered<RegistryList>> {
    return get(this.#transport, "/registry/models", options);
  }

  listProviders(options?: RequestOptions): Promise<Answered<ProviderList>> {
    return get(this.#transport, "/registry/providers", options);
  }
}

/** GET /v1/me. */
export class MeResource {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get(options?: RequestOptions): Promise<Answered<Me>> {
    return get(this.#transport, "/me", options);
  }
}

type Body = ChatCompletionParams | ResponseParams | MessagesParams;

/** Where requests would go: nothing is called, nothing is charged. */
export class Route {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async decide(
    body: Body,
    params: RouteParams = {},
    options: RequestOptions = {},
  ): Promise<Answered<RouteDecision>> {
    const call = { method: "POST", path: "/route", query: params, body } as const;
    return withHeaders<RouteDecision>(await this.#transport.json(call, options));
  }

  async explain(
    body: Body,
    params: RouteParams = {},
    options: RequestOptions = {},
  ): Promise<Answered<RouteExplanation>> {
    const call = { method: "POST", path: "/route/explain", query: params, body } as const;
    return withHeaders<RouteExplanation>(await this.#transport.json(call, options));
  }
}
