/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What a call came to. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Json;
  readonly text: string;
};

export type CallOptions = {
  /** @default the client's */
  readonly key?: string;
  /** `undefined` = none. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Reply>;

/** Calls a gateway with a key, which may come later than the client. */
export const createClient =
  (at: () => { readonly url: string; readonly key: string }): Call =>
  async (method, path, options = {}) => {
    const { url, key } = at();
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${options.key ?? key}`, ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers, text, json: JSON.parse(text) as Json };
  };

/** Code and field of an error. */
export const faultOf = ({ status, json }: Reply): readonly unknown[] => {
  const error = json["error"] as Json | undefined;
  return [status, error?.["code"], error?.["param"]];
};
