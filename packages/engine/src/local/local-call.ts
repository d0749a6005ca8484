import type { GatewayError } from "@pointsman/translate";
import type { Engine } from "../engine.ts";
import { errorAnswer } from "../errors/error-answer.ts";
import { errorBodyOf } from "../errors/error-body.ts";
import { requestIdOf } from "../ids/ids.ts";
import type { CallerHeaders } from "../surfaces/surface.ts";

/** A request in process, its body read. */
export type LocalCall = {
  readonly method: string;
  readonly url: URL;
  readonly headers: CallerHeaders;
  readonly body: Buffer;
  readonly signal: AbortSignal | null;
  readonly requestId: string;
  /** On the clock's monotonic time. */
  readonly receivedAtMs: number;
};

/** A `fetch` that never leaves the process. */
export type LocalFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Reads what `fetch` is called with.
 *
 * @throws what the signal is aborted with before; TypeError where the arguments make no request
 */
export const readCall = async (
  { clock }: Engine,
  [input, init]: Parameters<LocalFetch>,
): Promise<LocalCall> => {
  const receivedAtMs = clock.monotonicMs();
  const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
  signal?.throwIfAborted();
  // The signal is listened to here: a request that follows it would hold on to it.
  const request = new Request(input, { ...init, signal: null });
  const body = Buffer.from(await request.arrayBuffer());
  const headers = Object.fromEntries(request.headers);
  return {
    method: request.method,
    url: new URL(request.url),
    headers,
    body,
    signal,
    requestId: requestIdOf(headers["x-request-id"]),
    receivedAtMs,
  };
};

type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
};

const answerOf = ({ requestId }: LocalCall, { status = 200, headers, text }: Answer): Response =>
  new Response(text, {
    status,
    headers: {
      "x-request-id": requestId,
      "request-id": requestId,
      "content-type": "application/json; charset=utf-8",
      "content-length": String(Buffer.byteLength(text)),
      ...headers,
    },
  });

/** An answer of JSON. */
export const jsonAnswer = (
  call: LocalCall,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Response => answerOf(call, { headers, text: JSON.stringify(body) });

/** An error in the shape of the family its path belongs to (docs/contract.md §26). */
export const errorResponse = (
  call: LocalCall,
  error: GatewayError,
  {
    docsBaseUrl = call.url.origin,
    headers,
  }: { docsBaseUrl?: string | undefined; headers?: Readonly<Record<string, string>> },
): Response => {
  const { requestId, url } = call;
  const answer = errorAnswer(error);
  return answerOf(call, {
    status: answer.status,
    headers: { ...answer.headers, ...headers },
    text: errorBodyOf(url.pathname)(error, { docsBaseUrl, requestId }),
  });
};
