import { errorOfBody, malformedError } from "../error-of-body.ts";
import { PointsmanAPIError } from "../errors.ts";
import { isRecord } from "../is-record.ts";
import type { Fields } from "../is-record.ts";
import { apiKeyOf, baseUrlOf } from "./environment.ts";
import { openExchange, sleep } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { ResponseHeaders } from "./response-headers.ts";
import { isRetryable, waitMs } from "./retries.ts";

/** What `fetch` is here: the platform's own, or one like it. It has to heed `signal`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type ClientOptions = {
  /** @default POINTSMAN_API_KEY of the environment */
  readonly apiKey?: string;
  /** With or without `/v1`. @default POINTSMAN_BASE_URL, else http://127.0.0.1:8787/v1 */
  readonly baseUrl?: string;
  /** Longest wait for all of an answer, of a stream for its head, ms. @default 60_000 */
  readonly timeout?: number;
  /** Attempts after the first. @default 2 */
  readonly maxRetries?: number;
  /** A longer wait that the server asks for is an error at once, ms. @default 60_000 */
  readonly maxRetryWaitMs?: number;
  /** @default the platform's */
  readonly fetch?: Fetch;
  /** Sent with every request; those of a call win. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
};

/** What one call may have of its own. */
export type RequestOptions = {
  /** Ends the call, which then fails with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** ms. @default the client's */
  readonly timeout?: number;
  /** @default the client's */
  readonly maxRetries?: number;
};

/** Time and chance, which tests bring themselves. */
export type Surroundings = {
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
};

export type Query = Readonly<Record<string, string | number | undefined>>;

export type Call = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, with the leading slash. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  /** Twice would do it twice: it is not repeated if nobody knows whether it was done. */
  readonly once?: true;
};

/** An answer, parsed. */
export type JsonAnswer = { readonly json: Fields; readonly headers: ResponseHeaders };

/** An answer whose body is still to be read; then its exchange has to be closed. */
export type OpenAnswer = {
  readonly body: ReadableStream<Uint8Array> | null;
  readonly headers: ResponseHeaders;
  readonly exchange: Exchange;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const queryOf = (query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
};

/** Sends requests, repeats what may be repeated, and makes errors of what fails. */
export class Transport {
  readonly #apiKey: string;
  readonly #baseUrl: string;
  readonly #options: ClientOptions;
  readonly #fetch: Fetch;
  readonly #surroundings: Surroundings;

  /** @throws AuthenticationError (`missing_api_key`) if no key is given */
  constructor(options: ClientOptions, surroundings: Surroundings = { sleep, random: Math.random }) {
    this.#apiKey = apiKeyOf(options.apiKey);
    this.#baseUrl = baseUrlOf(options.baseUrl);
    this.#options = options;
    this.#fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#surroundings = surroundings;
  }

  /** A whole answer. */
  json(call: Call, options: RequestOptions): Promise<JsonAnswer> {
    return this.#repeating(call, options, async (exchange) => {
      const response = await this.#ask(call, options, exchange);
      const headers = new ResponseHeaders(response.headers);
      const text = await response.text();
      exchange.close();
      const json = parse(text);
      if (isRecord(json)) return { json, headers };
      throw malformedError(`The answer with status ${response.status} is no JSON object.`, {
        statusCode: response.status,
        body: text,
        responseHeaders: headers,
      });
    });
  }

  /** An answer that streams; the request goes on until it is read or aborted. */
  stream(call: Call, options: RequestOptions): Promise<OpenAnswer> {
    return this.#repeating(call, options, async (exchange) => {
      const { body, headers } = await this.#ask(call, options, exchange);
      exchange.inTime();
      return { body, headers: new ResponseHeaders(headers), exchange };
    });
  }

  async #repeating<T>(
    call: Call,
    options: RequestOptions,
    attempt: (exchange: Exchange) => Promise<T>,
  ): Promise<T> {
    const most = options.maxRetries ?? this.#options.maxRetries ?? 2;
    const timeoutMs = options.timeout ?? this.#options.timeout ?? 60_000;
    for (let retry = 0; ; retry += 1) {
      const exchange = openExchange({ signal: options.signal, timeoutMs });
      try {
        return await attempt(exchange);
      } catch (caught) {
        exchange.close();
        const error =
          caught instanceof PointsmanAPIError
            ? caught
            : exchange.failureOf(caught, `The gateway at ${this.#baseUrl} cannot be reached.`);
        if (!(error instanceof PointsmanAPIError) || retry >= most || !isRetryable(error)) {
          throw error;
        }
        if (call.once === true && error.statusCode === 0) throw error;
        const pauseMs = waitMs(retry, error, this.#surroundings.random());
        if (pauseMs > (this.#options.maxRetryWaitMs ?? 60_000)) throw error;
        await this.#surroundings.sleep(pauseMs, options.signal);
      }
    }
  }

  /** The head of an answer that is no error. */
  async #ask(call: Call, options: RequestOptions, { signal }: Exchange): Promise<Response> {
    // A signal that is aborted already ends a request before it begins.
    signal.throwIfAborted();
    const response = await this.#fetch(`${this.#baseUrl}${call.path}${queryOf(call.query ?? {})}`, {
      method: call.method,
      headers: this.#headersOf(call, options),
      signal,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    if (response.ok) return response;
    const headers = new ResponseHeaders(response.headers);
    throw errorOfBody(parse(await response.text()), response.status, headers);
  }

  #headersOf({ body }: Call, options: RequestOptions): Headers {
    const headers = new Headers({ accept: "application/json, text/event-stream" });
    if (body !== undefined) headers.set("content-type", "application/json");
    // One by one: names that differ by case are the same.
    for (const given of [this.#options.defaultHeaders, options.headers]) {
      for (const [name, value] of Object.entries(given ?? {})) headers.set(name, value);
    }
    headers.set("authorization", `Bearer ${this.#apiKey}`);
    return headers;
  }
}
