import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { errorEventOf, errorOf, eventsOf, jsonOf } from "./wire-answer.ts";
import type { Events, Meant, Wire } from "./wire-answer.ts";

/** One attempt as the upstream sees it. */
export type Attempt = {
  readonly atMs: number;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** The gateway has closed the connection before the answer was whole. */
  aborted: boolean;
  abortedAtMs: number | null;
};

/** What an act has to work with. */
export type Scene = {
  readonly wire: Wire;
  readonly stream: boolean;
  readonly meant: Meant;
  readonly events: Events;
  readonly body: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Which attempt this is, from 0. */
  readonly count: number;
  /** Its words follow from an answer it was given. @default false */
  readonly given?: boolean;
};

/** What an upstream does with one attempt. */
export type Act = (scene: Scene) => void | Promise<void>;

const openStream = ({ response }: Scene, contentType = "text/event-stream"): void => {
  response.writeHead(200, { "content-type": contentType });
};

const openingOf = ({ events }: Scene): string => events.opening.join("");

/** Answers as asked, whole. */
export const answers: Act = (scene) => {
  const { stream, events, response, wire, meant } = scene;
  if (!stream) return json(jsonOf[wire](meant))(scene);
  openStream(scene);
  response.end([...events.opening, ...events.content, ...events.closing].join(""));
};

/** Words of the upstream's own choice. */
export const says =
  (words: readonly string[], then: Act = answers): Act =>
  (scene) => {
    const meant = { ...scene.meant, words: scene.given === true ? scene.meant.words : words };
    return then({ ...scene, meant, events: eventsOf[scene.wire](meant) });
  };

/** A call after the words. */
export const calls =
  (then: Act): Act =>
  (scene) => {
    const call = { name: "get_weather", pieces: ['{"ci', 'ty": "Ol', 'ten"}'] };
    const meant = { ...scene.meant, call };
    return then({ ...scene, meant, events: eventsOf[scene.wire](meant) });
  };

/** A status with the wire's own error body. */
export const fails =
  (
    status: number,
    options: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: string;
      readonly code?: string;
      readonly body?: object;
    } = {},
  ): Act =>
  ({ wire, response }) => {
    const { headers = {}, message = `upstream says ${status}`, code, body } = options;
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body ?? errorOf(wire, status, message, code)));
  };

/** Any body under 200. */
export const raw =
  (body: string, contentType = "application/json"): Act =>
  ({ response }) => {
    response.writeHead(200, { "content-type": contentType });
    response.end(body);
  };

export const json = (body: object): Act => raw(JSON.stringify(body));

/** Takes the request and never answers. */
export const hangs: Act = () => {};

/** Headers, then silence. */
export const opensAndHangs: Act = (scene) => {
  openStream(scene);
  scene.response.flushHeaders();
};

/** Closes the connection without a byte. */
export const resets: Act = ({ socket }) => {
  socket.resetAndDestroy();
};

/** The head of a stream, then whatever comes. */
export const openThen =
  (then: (scene: Scene) => void | Promise<void>): Act =>
  async (scene) => {
    openStream(scene);
    scene.response.write(openingOf(scene));
    await then(scene);
  };

/** Writes something without content again and again. */
export const drones =
  (noise: (scene: Scene) => string): Act =>
  async (scene) => {
    openStream(scene);
    scene.response.write(openingOf(scene));
    while (!scene.response.destroyed) {
      scene.response.write(noise(scene));
      await sleep(20);
    }
  };

/** Some words of a stream, then whatever comes. */
export const afterWords =
  (words: number, then: (scene: Scene) => void | Promise<void>): Act =>
  async (scene) => {
    openStream(scene);
    const said = scene.events.content.slice(0, words).join("");
    scene.response.write(openingOf(scene) + said);
    // So that it is read before the connection dies.
    await sleep(30);
    await then(scene);
  };

export const cuts: Act = ({ socket }) => {
  socket.destroy();
};

/** Ends the body in an orderly way, though the answer has not ended. */
export const endsEarly: Act = ({ response }) => {
  response.end();
};

export const tellsError: Act = ({ wire, response }) => {
  response.end(errorEventOf(wire, "overloaded in the middle"));
};

/** The rest of the words, and the end. */
export const goesOn =
  (from: number): Act =>
  ({ events, response }) => {
    response.end([...events.content.slice(from), ...events.closing].join(""));
  };

/** A word every so many ms, whole. */
export const drips =
  (everyMs: number): Act =>
  async (scene) => {
    openStream(scene);
    scene.response.write(openingOf(scene));
    for (const event of scene.events.content) {
      if (scene.response.destroyed) return;
      scene.response.write(event);
      await sleep(everyMs);
    }
    scene.response.end(scene.events.closing.join(""));
  };

/** The stream's text changed before it goes out, in pieces of so many bytes. */
export const sends =
  (change: (text: string, scene: Scene) => string, pieceBytes = Infinity): Act =>
  async (scene) => {
    const { events, response } = scene;
    const whole = [...events.opening, ...events.content, ...events.closing].join("");
    const bytes = Buffer.from(change(whole, scene));
    openStream(scene);
    if (pieceBytes === Infinity) return void response.end(bytes);
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      response.write(bytes.subarray(at, at + pieceBytes));
      if (at % 50 === 0) await sleep(1);
    }
    response.end();
  };

/** Refuses an answer to go on with, as some models do. */
export const refusesPrefill =
  (otherwise: Act): Act =>
  (scene) => {
    const { messages } = JSON.parse(scene.body) as { messages?: readonly { role: string }[] };
    const isPrefill = messages?.at(-1)?.role === "assistant";
    return isPrefill
      ? fails(400, {
          code: "invalid_request_error",
          message: "The conversation must end with a user message.",
        })(scene)
      : otherwise(scene);
  };

/** A provider under a test's control. */
export type Upstream = {
  readonly url: string;
  readonly attempts: readonly Attempt[];
  /** Connections that are open. */
  readonly connections: () => number;
  /** One act an attempt; the last is for all that follow. */
  play(...acts: readonly [Act, ...Act[]]): void;
  close(): Promise<void>;
};

/** What a healthy upstream says. */
export const story = ["The", " points", " are", " set", " for", " track", " nine", "."] as const;

/** Starts one on loopback. */
export const startUpstream = async (options: {
  readonly wire: Wire;
  readonly id: string;
}): Promise<Upstream> => {
  const { wire, id } = options;
  const attempts: Attempt[] = [];
  let acts: readonly Act[] = [answers];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    const attempt: Attempt = {
      atMs: performance.now(),
      path: request.url ?? "",
      headers: request.headers,
      body,
      aborted: false,
      abortedAtMs: null,
    };
    const count = attempts.push(attempt) - 1;
    response.on("close", () => {
      attempt.aborted = !response.writableFinished;
      attempt.abortedAtMs = attempt.aborted ? performance.now() : null;
    });
    const meant = { id, words: story, usage: { input: 11, output: 8 } };
    const act = acts[Math.min(count, acts.length - 1)] ?? answers;
    await act({
      wire,
      stream: /"stream":\s*true/u.test(body) || attempt.path.includes("streamGenerateContent"),
      meant,
      events: eventsOf[wire](meant),
      body,
      request,
      response,
      socket: request.socket,
      count,
    });
  };
  const server: Server = createServer(
    { maxHeaderSize: 65_536, keepAliveTimeout: 60_000 },
    (request, response) => {
      handle(request, response).catch(() => response.destroy());
    },
  );
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return {
    url: `http://127.0.0.1:${address.port}`,
    attempts,
    connections: () => sockets.size,
    play: (...next) => {
      acts = next;
      attempts.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
