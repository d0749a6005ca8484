import type { Socket } from "node:net";
import fastify from "fastify";
import type {
  FastifyBaseLogger,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from "fastify";
import type { Clock } from "@pointsman/engine";
import { errorAnswer, errorBodyOf, requestIdOf } from "@pointsman/engine/surfaces";
import type { GatewayError } from "@pointsman/translate";
import { hasScope } from "../auth/key-ring.ts";
import type { AuthResult, KeyRing } from "../auth/key-ring.ts";
import "./context.ts";
import { discardBody } from "./discard-body.ts";

/** Largest body taken, bytes. */
const largestBody = 32 * 1024 * 1024;

const pathOf = (url: string): string => url.split("?", 1)[0] ?? url;

/** What the HTTP side needs of the gateway. */
export type ServerOptions = {
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly docsBaseUrl: () => string;
  readonly isDraining: () => boolean;
  readonly logger: FastifyBaseLogger;
};

/** Sends an error in the shape of the family its path belongs to (docs/contract.md §26). */
export const sendError = (
  reply: FastifyReply,
  error: GatewayError,
  docsBaseUrl: () => string,
): void => {
  const { request } = reply;
  discardBody(request.raw);
  const { status, headers } = errorAnswer(error);
  const context = { docsBaseUrl: docsBaseUrl(), requestId: request.id };
  const body = errorBodyOf(pathOf(request.url))(error, context);
  void reply.code(status).headers(headers).send(body);
};

/** What a framework error means to a caller. */
const translateError = (error: FastifyError): GatewayError => {
  if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return {
      code: "payload_too_large",
      message: `The body is larger than ${largestBody} bytes.`,
      param: null,
    };
  }
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return { code: "invalid_request", message: error.message, param: null };
  }
  return { code: "internal_error", message: "The gateway failed; this is its fault.", param: null };
};

/** Answers bytes that are no HTTP request, over the bare socket, and closes it. */
const answerBrokenRequest = (
  fault: NodeJS.ErrnoException,
  socket: Socket,
  docsBaseUrl: () => string,
): void => {
  if (fault.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const message =
    fault.code === "HPE_HEADER_OVERFLOW"
      ? "The request's headers are too large."
      : "This is not a valid HTTP request.";
  const id = requestIdOf(undefined);
  const error = { code: "invalid_request", message, param: null } as const;
  const answer = errorAnswer(error);
  const body = errorBodyOf("")(error, { docsBaseUrl: docsBaseUrl(), requestId: id });
  const headers = { ...answer.headers, "x-request-id": id, "request-id": id };
  const head = [
    `HTTP/1.1 ${answer.status} Bad Request`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
};

/** Tells a path that exists under another method from one that does not exist. */
const methodsAt = (app: FastifyInstance, url: string): readonly string[] =>
  (["GET", "POST", "PUT", "PATCH", "DELETE"] as const).filter(
    (method) => app.findRoute({ method, url }) !== null || app.hasRoute({ method, url }),
  );

/** A server with authentication, ids and errors as the contract wants them, and no routes yet. */
export const createServer = (options: ServerOptions): FastifyInstance => {
  const { keys, clock, docsBaseUrl } = options;
  const app = fastify({
    bodyLimit: largestBody,
    // Who logs has the logger and names the request; fastify would make a child and listeners for each.
    logger: false,
    genReqId: (request) => requestIdOf(request.headers["x-request-id"]),
    return503OnClosing: false,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    clientErrorHandler: (error, socket) => {
      answerBrokenRequest(error, socket, docsBaseUrl);
    },
    frameworkErrors: (error, _request, reply) => {
      sendError(reply, translateError(error), docsBaseUrl);
    },
  });

  // Bodies stay bytes: the surface parses them once, and passes them on as they are.
  app.removeAllContentTypeParsers();
  // JSON is named since fastify remembers what it looked up for types that are, not for the others.
  app.addContentTypeParser(
    ["application/json", "*"],
    { parseAs: "buffer" },
    (_request, body, done) => {
      done(null, body);
    },
  );

  app.decorateRequest("principal", null);
  app.decorateRequest("receivedAtMs", 0);

  /** Refuses before the body is read; `false` = it is answered. */
  const isAdmitted = (
    scope: string,
    result: AuthResult,
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  ): boolean => {
    if (!result.ok) {
      sendError(reply, result.error, docsBaseUrl);
      return false;
    }
    if (options.isDraining()) {
      const message = "The gateway is shutting down.";
      reply.header("connection", "close");
      sendError(reply, { code: "service_unavailable", message, param: null }, docsBaseUrl);
      return false;
    }
    if (scope !== "any" && !hasScope(result.principal, scope)) {
      const message = `The key lacks the scope '${scope}'.`;
      sendError(reply, { code: "insufficient_permissions", message, param: null }, docsBaseUrl);
      return false;
    }
    request.principal = result.principal;
    return true;
  };

  const unreachable: AuthResult = {
    ok: false,
    error: { code: "service_unavailable", message: "Keys cannot be looked up.", param: null },
  };

  const admitLater = async (
    scope: string,
    looking: Promise<AuthResult>,
    { request, reply, done }: { request: FastifyRequest; reply: FastifyReply; done: () => void },
  ): Promise<void> => {
    let result: AuthResult = unreachable;
    try {
      result = await looking;
    } catch (error) {
      options.logger.error({ requestId: request.id, err: error }, "keys cannot be looked up");
    }
    if (isAdmitted(scope, result, { request, reply })) done();
  };

  const admit =
    (scope: string): onRequestHookHandler =>
    (request, reply, done) => {
      request.receivedAtMs = clock.monotonicMs();
      const result = keys.authenticate(request.headers, clock.nowMs(), request.raw.socket);
      if (result instanceof Promise) void admitLater(scope, result, { request, reply, done });
      else if (isAdmitted(scope, result, { request, reply })) done();
    };

  // Looked up once per route: fastify makes `routeOptions` anew whenever a request is asked for it.
  app.addHook("onRoute", (route) => {
    const scope = route.config?.scope;
    if (scope !== undefined) route.onRequest = [admit(scope)];
  });

  // Surfaces that write their answers themselves bring the ids themselves.
  app.addHook("onSend", (request, reply, _payload, done) => {
    reply.headers({ "x-request-id": request.id, "request-id": request.id });
    done();
  });

  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = methodsAt(app, path);
    if (allowed.length > 0) {
      reply.header("allow", allowed.join(", "));
      const message = `${request.method} is not allowed on ${path}.`;
      sendError(reply, { code: "method_not_allowed", message, param: null }, docsBaseUrl);
      return;
    }
    const message = `There is nothing at ${path}.`;
    sendError(reply, { code: "resource_not_found", message, param: null }, docsBaseUrl);
  });

  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = translateError(error);
    if (known.code === "internal_error")
      options.logger.error({ requestId: request.id, err: error }, "internal error");
    // Fastify would close the connection under a caller who is still writing.
    reply.removeHeader("connection");
    sendError(reply, known, docsBaseUrl);
  });
  return app;
};
