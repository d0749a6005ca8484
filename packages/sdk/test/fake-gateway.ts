import { Client, PointsmanAPIError } from "../src/index.ts";
import type { ClientOptions, Fetch } from "../src/index.ts";

/** One answer of a server that is none; an Error is a lost connection. */
export type Step =
  | Error
  | {
      /** @default 200 */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Text as it is, anything else as JSON. @default "{}" */
      readonly body?: unknown;
    };

/** An error's body. */
export const fault = (code: string, type = "api_error"): object => ({
  error: { message: `it is ${code}`, type, code, param: null, doc_url: `/docs/errors/${code}` },
});

/** A client before a server that answers one step a request, and the last again and again. */
export const clientOf = (steps: readonly Step[], options: ClientOptions = {}) => {
  const asked: { readonly url: string; readonly init: RequestInit }[] = [];
  const waits: number[] = [];
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init });
    const step = steps[Math.min(asked.length, steps.length) - 1] ?? {};
    if (step instanceof Error) throw step;
    const { status = 200, headers = {}, body = "{}" } = step;
    return new Response(typeof body === "string" ? body : JSON.stringify(body), {
      status,
      headers,
    });
  };
  const client = new Client(
    { apiKey: "pk", baseUrl: "http://gateway.test", fetch, ...options },
    {
      random: () => 0.5,
      sleep: async (ms) => {
        waits.push(ms);
      },
    },
  );
  return { client, asked, waits };
};

/** What a call fails with. */
export const errorOf = async (call: Promise<unknown>): Promise<PointsmanAPIError> => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof PointsmanAPIError) return error;
  throw new Error(`no error of the client: ${String(error)}`);
};

/** A body that comes in pieces, and tells whether its reader went away. */
export const streamOf = (
  pieces: readonly Uint8Array[],
  end: "close" | "break" | "hang" = "close",
) => {
  let at = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = pieces[at];
        at += 1;
        if (piece !== undefined) controller.enqueue(piece);
        else if (end === "close") controller.close();
        else if (end === "break") controller.error(new TypeError("terminated"));
      },
      cancel: () => {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => at, cancelled: () => cancelled };
};

/** Bytes of text in pieces that end at these places. */
export const cutAt = (text: string, places: readonly number[]): readonly Uint8Array[] => {
  const bytes = new TextEncoder().encode(text);
  const ends = [...[...places].sort((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
};

/** A client whose next answer is this stream. */
export const streamingClient = (
  source: ReadableStream<Uint8Array> | string,
  options: ClientOptions = {},
): { readonly client: Client; readonly signal: () => AbortSignal | undefined } => {
  let signal: AbortSignal | undefined;
  const fetch: Fetch = async (_url, init) => {
    signal = init.signal ?? undefined;
    const headers = { "content-type": "text/event-stream", "x-request-id": "req_1" };
    return new Response(source, { headers });
  };
  const client = new Client({ apiKey: "pk", baseUrl: "http://gateway.test", fetch, ...options });
  return { client, signal: () => signal };
};
