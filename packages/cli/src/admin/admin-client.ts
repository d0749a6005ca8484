import { CliError } from "../setup/cli-error.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Calls the management API of a running gateway. */
export interface AdminClient {
  /** The workspace that calls are for. */
  workspace(): Promise<string>;
  /** @throws CliError with the gateway's own message if it refuses, or cannot be reached */
  call(method: string, path: string, body?: unknown): Promise<Json>;
}

export type AdminOptions = {
  /** @default the key's own */
  readonly workspace?: string;
};

const defaultBaseUrl = "http://127.0.0.1:8787/v1";
/** Longest that an answer is waited for, ms. */
const patienceMs = 30_000;

const baseUrlOf = (env: NodeJS.ProcessEnv): string => {
  const url = (env["POINTSMAN_BASE_URL"] ?? defaultBaseUrl).replace(/\/+$/u, "");
  return url.endsWith("/v1") ? url : `${url}/v1`;
};

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;

const jsonOf = async (response: Response, url: string): Promise<Json> => {
  try {
    const json: unknown = await response.json();
    if (isJson(json)) return json;
  } catch {
    // Told below.
  }
  throw new CliError(`${url} answered ${response.status} and no JSON: is it a Pointsman gateway?`);
};

/**
 * A client of the gateway at POINTSMAN_BASE_URL with POINTSMAN_ADMIN_KEY.
 *
 * @throws CliError if no key is set
 */
export const createAdminClient = (env: NodeJS.ProcessEnv, options: AdminOptions): AdminClient => {
  const baseUrl = baseUrlOf(env);
  const key = env["POINTSMAN_ADMIN_KEY"];
  if (key === undefined || key === "") {
    throw new CliError(
      "Set POINTSMAN_ADMIN_KEY to the gateway's admin key: `pointsman serve` prints it, or takes it from the same variable.",
      2,
    );
  }
  const call: AdminClient["call"] = async (method, path, body) => {
    const url = `${baseUrl}${path}`;
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        signal: AbortSignal.timeout(patienceMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CliError(
        `No gateway answers at ${baseUrl} (${why}). Start it with \`pointsman serve\`, or set POINTSMAN_BASE_URL.`,
      );
    }
    const json = await jsonOf(response, url);
    if (response.ok) return json;
    const error = isJson(json["error"]) ? json["error"] : {};
    throw new CliError(`${String(error["message"])} (${String(error["code"])})`);
  };
  return {
    call,
    workspace: async () => {
      if (options.workspace !== undefined) return options.workspace;
      const me = await call("GET", "/me");
      return isJson(me["workspace"]) ? String(me["workspace"]["id"]) : "default";
    },
  };
};

/** Every item of a list that comes by page. */
export const listAll = async (client: AdminClient, path: string): Promise<readonly Json[]> => {
  const all: Json[] = [];
  let after = "";
  for (;;) {
    const page = await client.call("GET", `${path}?limit=100${after}`);
    all.push(...(Array.isArray(page["data"]) ? page["data"].filter(isJson) : []));
    if (page["has_more"] !== true) return all;
    after = `&after=${encodeURIComponent(String(page["next_cursor"]))}`;
  }
};
