import type { Call, RequestOptions, Transport } from "../http/transport.ts";
import { withHeaders } from "../http/with-headers.ts";
import type { Answered } from "../http/with-headers.ts";
import type {
  ApiKey,
  ApiKeyChange,
  ApiKeyParams,
  ApiKeyUsage,
  Balance,
  Budget,
  BudgetChange,
  BudgetParams,
  ByokKey,
  ByokKeyChange,
  ByokKeyParams,
  CreatedApiKey,
  CreditParams,
  Deleted,
  Page,
  PageParams,
  RoutingChange,
  RoutingDefaults,
  UsageList,
  UsageParams,
  Workspace,
  WorkspaceChange,
} from "../types/management.ts";
import type { RoutingOptions } from "../types/routing.ts";

/** What a POST may say so that it is done once, whoever sends it again. */
export type CreateOptions = RequestOptions & {
  /** 1–255 letters, digits, `-`, `_`. @default a new one a call, the same in its retries */
  readonly idempotencyKey?: string;
};

const of = (...parts: readonly string[]): string =>
  `/workspaces${parts.map((part) => `/${encodeURIComponent(part)}`).join("")}`;

/** 128 random bits. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

/** Calls whose answers are JSON. */
class Caller {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async call<Body>(call: Call, options: RequestOptions = {}): Promise<Answered<Body>> {
    return withHeaders<Body>(await this.#transport.json(call, options));
  }

  /** A POST that the gateway does once for one key (docs/contract.md §29). */
  create<Body>(path: string, body: unknown, options: CreateOptions = {}): Promise<Answered<Body>> {
    const { idempotencyKey = newKey(), headers, ...rest } = options;
    const asked = { ...rest, headers: { "idempotency-key": idempotencyKey, ...headers } };
    return this.call({ method: "POST", path, body }, asked);
  }
}

/** What a collection of a workspace can do. */
class Collection<Item, Params, Change, Created = Item> {
  protected readonly caller: Caller;
  protected readonly name: string;

  constructor(caller: Caller, name: string) {
    this.caller = caller;
    this.name = name;
  }

  create(workspace: string, params: Params, options?: CreateOptions): Promise<Answered<Created>> {
    return this.caller.create(of(workspace, this.name), params, options);
  }

  list(
    workspace: string,
    params: PageParams = {},
    options?: RequestOptions,
  ): Promise<Answered<Page<Item>>> {
    return this.caller.call(
      { method: "GET", path: of(workspace, this.name), query: params },
      options,
    );
  }

  retrieve(workspace: string, id: string, options?: RequestOptions): Promise<Answered<Item>> {
    return this.caller.call({ method: "GET", path: of(workspace, this.name, id) }, options);
  }

  update(
    workspace: string,
    id: string,
    change: Change,
    options?: RequestOptions,
  ): Promise<Answered<Item>> {
    const path = of(workspace, this.name, id);
    return this.caller.call({ method: "PATCH", path, body: change }, options);
  }

  delete(workspace: string, id: string, options?: RequestOptions): Promise<Answered<Deleted>> {
    return this.caller.call({ method: "DELETE", path: of(workspace, this.name, id) }, options);
  }
}

/** Keys of the gateway. */
export class ApiKeys extends Collection<ApiKey, ApiKeyParams, ApiKeyChange, CreatedApiKey> {
  /** Not repeated when no answer came: that would leave a key whose text nobody knows. */
  override create(
    workspace: string,
    params: ApiKeyParams,
    options?: RequestOptions,
  ): Promise<Answered<CreatedApiKey>> {
    const path = of(workspace, this.name);
    return this.caller.call({ method: "POST", path, body: params, once: true }, options);
  }

  usage(
    workspace: string,
    id: string,
    params: { readonly period?: "day" | "week" | "month" } = {},
    options?: RequestOptions,
  ): Promise<Answered<ApiKeyUsage>> {
    const path = of(workspace, this.name, id, "usage");
    return this.caller.call({ method: "GET", path, query: params }, options);
  }
}

/** A workspace's own accounts at providers. */
export class ByokKeys extends Collection<ByokKey, ByokKeyParams, ByokKeyChange> {
  /** Asks the provider again. */
  validate(workspace: string, id: string, options?: RequestOptions): Promise<Answered<ByokKey>> {
    const path = of(workspace, this.name, id, "validate");
    return this.caller.call({ method: "POST", path, body: {} }, options);
  }
}

export class Budgets extends Collection<Budget, BudgetParams, BudgetChange> {}

/** A workspace's routing defaults. */
export class Routing {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get(workspace: string, options?: RequestOptions): Promise<Answered<RoutingDefaults>> {
    return this.#caller.call({ method: "GET", path: of(workspace, "routing") }, options);
  }

  replace(
    workspace: string,
    routing: RoutingOptions,
    options?: RequestOptions,
  ): Promise<Answered<RoutingDefaults>> {
    const path = of(workspace, "routing");
    return this.#caller.call({ method: "PUT", path, body: { routing } }, options);
  }

  /** `null` clears a field. */
  update(
    workspace: string,
    routing: RoutingChange,
    options?: RequestOptions,
  ): Promise<Answered<RoutingDefaults>> {
    const path = of(workspace, "routing");
    return this.#caller.call({ method: "PATCH", path, body: { routing } }, options);
  }
}

/** Prepaid credits. */
export class Billing {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  balance(workspace: string, options?: RequestOptions): Promise<Answered<Balance>> {
    return this.#caller.call({ method: "GET", path: of(workspace, "billing", "balance") }, options);
  }

  credit(
    workspace: string,
    params: CreditParams,
    options?: CreateOptions,
  ): Promise<Answered<Balance>> {
    return this.#caller.create(of(workspace, "billing", "credits"), params, options);
  }
}

/** What requests used. */
export class Usage {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  list(
    workspace: string,
    params: UsageParams = {},
    options?: RequestOptions,
  ): Promise<Answered<UsageList>> {
    return this.#caller.call(
      { method: "GET", path: of(workspace, "usage"), query: params },
      options,
    );
  }
}

/** Workspaces and what belongs to them. */
export class Workspaces {
  readonly apiKeys: ApiKeys;
  readonly byokKeys: ByokKeys;
  readonly budgets: Budgets;
  readonly routing: Routing;
  readonly billing: Billing;
  readonly usage: Usage;
  readonly #caller: Caller;

  constructor(transport: Transport) {
    const caller = new Caller(transport);
    this.#caller = caller;
    this.apiKeys = new ApiKeys(caller, "api-keys");
    this.byokKeys = new ByokKeys(caller, "byok-keys");
    this.budgets = new Budgets(caller, "budgets");
    this.routing = new Routing(caller);
    this.billing = new Billing(caller);
    this.usage = new Usage(caller);
  }

  create(
    params: { name: string; slug: string },
    options?: CreateOptions,
  ): Promise<Answered<Workspace>> {
    return this.#caller.create(of(), params, options);
  }

  list(params: PageParams = {}, options?: RequestOptions): Promise<Answered<Page<Workspace>>> {
    return this.#caller.call({ method: "GET", path: of(), query: params }, options);
  }

  retrieve(workspace: string, options?: RequestOptions): Promise<Answered<Workspace>> {
    return this.#caller.call({ method: "GET", path: of(workspace) }, options);
  }

  update(
    workspace: string,
    change: WorkspaceChange,
    options?: RequestOptions,
  ): Promise<Answered<Workspace>> {
    return this.#caller.call({ method: "PATCH", path: of(workspace), body: change }, options);
  }
}
