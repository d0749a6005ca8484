import { AuthenticationError, connectionError, errorOfBody, PointsmanAPIError } from "../errors.ts";
import { ResponseHeaders } from "./response-headers.ts";
import { isRetryable, waitMs } from "./retries.ts";

/** What `fetch` is here: the platform's own, or one like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export type ClientOptions = {
  /** @default POINTSMAN_API_KEY of the environment */
  readonly apiKey?: string;
  /** With or without `/v1`. @default POINTSMAN_BASE_URL, else http://127.0.0.1:8787/v1 */
  readonly baseUrl?: string;
  /** Longest wait for an answer's head, ms; whole answers: for all of it. @default 60_000 */
  readonly timeout?: number;
  /** @default 2 */
  readonly maxRetries?: number;
  /** A longer wait that the server asks for is an error at once, ms. @default 60_000 */
  readonly maxRetryWaitMs?: number;
  /** @default the platform's */
  readonly fetch?: Fetch;
  readonly defaultHeaders?: Readonly<Record<string, string>>;
};

/** What one call may have of its own. */
export type RequestOptions = {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  readonly maxRetries?: number;
};

/** Time and chance, which tests bring themselves. */
export type Surroundings = {
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly random: () => number;
};

type Query = Readonly<Record<string, string | number | undefined>>;

export type Call = {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the base URL, with the leading slash. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
};

/** An answer whose body is still to be read. */
export type Answer = {
  readonly response: Response;
  readonly headers: ResponseHeaders;
  /** Ends the request. */
  readonly abort: () => void;
};

const defaultBaseUrl = "http://127.0.0.1:8787/v1";

/** A variable of the environment, where there is one. */
const variable = (name: string): string | undefined => {
  const host = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const value = host.process?.env?.[name];
  return value === "" ? undefined : value;
};

const withVersion = (url: string): string => {
  const bare = url.replace(/\/+$/u, "");
  return bare.endsWith("/v1") ? bare : `${bare}/v1`;
};

const sleep: Surroundings["sleep"] = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      if (isAborted(signal)) reject(abortReason(signal));
      else resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const abortReason = (signal: AbortSignal | undefined): Error =>
  signal?.reason instanceof Error ? signal.reason : new DOMException("aborted", "AbortError");

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
    const apiKey = options.apiKey ?? variable("POINTSMAN_API_KEY");
    if (apiKey === undefined || apiKey === "") {
      throw new AuthenticationError({
        message: "No API key: pass apiKey, or set POINTSMAN_API_KEY.",
        statusCode: 0,
        type: "authentication_error",
        code: "missing_api_key",
      });
    }
    this.#apiKey = apiKey;
    this.#baseUrl = withVersion(
      options.baseUrl ?? variable("POINTSMAN_BASE_URL") ?? defaultBaseUrl,
    );
    this.#options = options;
    this.#fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#surroundings = surroundings;
  }

  /** A whole answer, parsed, with its headers. */
  async json(
    call: Call,
    options: RequestOptions,
  ): Promise<{ readonly json: unknown; readonly headers: ResponseHeaders }> {
    return this.#repeating(options, async () => {
      const answer = await this.#send(call, options, true);
      const text = await this.#text(answer);
      const json = parse(text);
      if (typeof json === "object" && json !== null) return { json, headers: answer.headers };
      throw errorOfBody(text, answer.response.status, answer.headers);
    });
  }

  /** An answer that streams; the request goes on until it is read or aborted. */
  stream(call: Call, options: RequestOptions): Promise<Answer> {
    return this.#repeating(options, () => this.#send(call, options, false));
  }

  async #repeating<T>(options: RequestOptions, attempt: () => Promise<T>): Promise<T> {
    const most = options.maxRetries ?? this.#options.maxRetries ?? 2;
    for (let retry = 0; ; retry += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof PointsmanAPIError) || retry >= most || !isRetryable(error)) {
          throw error;
        }
        const pauseMs = waitMs(retry, error, this.#surroundings.random());
        if (pauseMs > (this.#options.maxRetryWaitMs ?? 60_000)) throw error;
        await this.#surroundings.sleep(pauseMs, options.signal);
      }
    }
  }

  /** @param whole the time limit holds for all of the answer, not its head alone */
  async #send(call: Call, options: RequestOptions, whole: boolean): Promise<Answer> {
    const { signal } = options;
    if (isAborted(signal)) throw abortReason(signal);
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    signal?.addEventListener("abort", abort, { once: true });
    const timeoutMs = options.timeout ?? this.#options.timeout ?? 60_000;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, timeoutMs);
    try {
      const response = await this.#fetch(this.#urlOf(call), {
        method: call.method,
        headers: this.#headersOf(call, options),
        signal: controller.signal,
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      const headers = new ResponseHeaders(response.headers);
      const answer = { response, headers, abort };
      if (!response.ok) {
        const text = await response.text();
        throw errorOfBody(parse(text), response.status, headers);
      }
      if (!whole) return answer;
      // Read here, within the time limit.
      const text = await response.text();
      return { ...answer, response: new Response(text, { status: response.status }) };
    } catch (error) {
      if (error instanceof PointsmanAPIError) throw error;
      if (late) throw connectionError(`No answer within ${timeoutMs} ms.`, error);
      if (isAborted(signal)) throw abortReason(signal);
      throw connectionError(`The gateway at ${this.#baseUrl} cannot be reached.`, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #text({ response }: Answer): Promise<string> {
    return response.text();
  }

  #urlOf({ path, query = {} }: Call): string {
    return `${this.#baseUrl}${path}${queryOf(query)}`;
  }

  #headersOf({ body }: Call, { headers }: RequestOptions): Record<string, string> {
    return {
      accept: "application/json, text/event-stream",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...this.#options.defaultHeaders,
      ...headers,
      authorization: `Bearer ${this.#apiKey}`,
    };
  }
}
