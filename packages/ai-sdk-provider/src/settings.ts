/** What a provider is made with. */
export type PointsmanProviderSettings = {
  /** @default POINTSMAN_API_KEY of the environment */
  readonly apiKey?: string;
  /** With `/v1`. @default POINTSMAN_BASE_URL, else http://127.0.0.1:8787/v1 */
  readonly baseURL?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof globalThis.fetch;
  /** Key of `providerOptions` and `providerMetadata`. @default "pointsman" */
  readonly name?: string;
};

/** Settings with every default. */
export type Connection = {
  readonly name: string;
  readonly baseURL: string;
  readonly headers: () => Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
};

const defaultBaseUrl = "http://127.0.0.1:8787/v1";

const variable = (name: string): string | undefined => {
  const host = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const value = host.process?.env?.[name];
  return value === "" ? undefined : value;
};

/** @throws Error with the first call, if no key is given */
export const connectionOf = (settings: PointsmanProviderSettings): Connection => ({
  name: settings.name ?? "pointsman",
  baseURL: (settings.baseURL ?? variable("POINTSMAN_BASE_URL") ?? defaultBaseUrl).replace(
    /\/+$/u,
    "",
  ),
  headers: () => {
    const apiKey = settings.apiKey ?? variable("POINTSMAN_API_KEY");
    if (apiKey === undefined) {
      throw new Error("No API key: pass apiKey to createPointsman, or set POINTSMAN_API_KEY.");
    }
    return { authorization: `Bearer ${apiKey}`, ...settings.headers };
  },
  fetch: settings.fetch ?? ((input, init) => globalThis.fetch(input, init)),
});
