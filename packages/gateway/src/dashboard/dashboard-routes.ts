import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Clock } from "@pointsman/engine";
import type { KeyRing } from "../auth/key-ring.ts";
import { sendError } from "../http/create-server.ts";
import { mayWatch } from "../watch/may-watch.ts";

/** The page's files by name, with their types. */
const files = {
  "index.html": "text/html; charset=utf-8",
  "dashboard.css": "text/css; charset=utf-8",
  "api.js": "text/javascript; charset=utf-8",
  "format.js": "text/javascript; charset=utf-8",
  "main.js": "text/javascript; charset=utf-8",
  "tables.js": "text/javascript; charset=utf-8",
  "view.js": "text/javascript; charset=utf-8",
} as const;

type FileName = keyof typeof files;

const isFile = (name: string): name is FileName => Object.hasOwn(files, name);

/** As far from `src` as from `dist`. */
const folder = new URL("../../dashboard/", import.meta.url);

/** Nothing but its own files, nothing around it, and no word of where it was. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/**
 * GET /dashboard: a page that shows requests, providers, spending and budgets. It holds nothing: what it shows
 * it asks the management API for, with the admin key of who looks at it.
 */
export const addDashboard = (
  app: FastifyInstance,
  options: {
    readonly keys: KeyRing;
    readonly clock: Clock;
    readonly docsBaseUrl: () => string;
  },
): void => {
  const { keys, clock, docsBaseUrl } = options;
  const send = async (name: FileName, reply: FastifyReply): Promise<FastifyReply> => {
    const { request } = reply;
    if (!(await mayWatch(request, keys, clock))) {
      const message = "The dashboard is shown to this machine, and to admin keys.";
      const code = "insufficient_permissions";
      sendError(reply, { code, message, param: null }, docsBaseUrl);
      return reply;
    }
    return reply
      .headers(headers)
      .type(files[name])
      .send(await readFile(new URL(name, folder)));
  };
  app.get("/dashboard", (_request, reply) => send("index.html", reply));
  app.get<{ Params: { file: string } }>("/dashboard/:file", (request, reply) => {
    const { file } = request.params;
    if (isFile(file)) return send(file, reply);
    const message = `There is nothing at /dashboard/${file}.`;
    sendError(reply, { code: "resource_not_found", message, param: null }, docsBaseUrl);
    return reply;
  });
};
