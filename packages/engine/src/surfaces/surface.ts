import type { Endpoint } from "@pointsman/core";
import type {
  AnswerClose,
  AnswerOptions,
  CallerRequest,
  GatewayError,
  Loss,
  ProviderReply,
  RawBody,
  StreamEncoder,
} from "@pointsman/translate";

/** A body to send; `latin1` = byte text. */
export type EncodedBody = { readonly text: string; readonly encoding: "utf8" | "latin1" };

/** A caller's headers, by lower-case name; Node's `IncomingHttpHeaders` are such. */
export type CallerHeaders = {
  readonly [name: string]: string | readonly string[] | undefined;
};

/** Writes the answer to one request. */
export type AnswerWriter = {
  stream(options: AnswerOptions): StreamEncoder;
  reply(reply: ProviderReply, options: AnswerOptions, close: AnswerClose): EncodedBody;
};

/** A request read and validated, with what writes its answer. */
export type ReadSurfaceRequest = {
  readonly ok: true;
  readonly caller: CallerRequest;
  readonly losses: readonly Loss[];
  readonly writer: AnswerWriter;
};

/** The same, or what is wrong with it. */
export type SurfaceRequest =
  | ReadSurfaceRequest
  | { readonly ok: false; readonly error: GatewayError };

/** One of the ways in: a path, how its bodies are read and its answers written. */
export type Surface = {
  readonly endpoint: Endpoint;
  readonly path: string;
  /** Bytes to a validated request. */
  read(body: RawBody, headers: CallerHeaders): SurfaceRequest;
  /** Id of an answer whose provider gave none. */
  newId(): string;
  /** SSE text that says nothing but that the stream lives. */
  readonly keepAlive: string;
};
