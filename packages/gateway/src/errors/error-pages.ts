import type { FastifyInstance } from "fastify";
import { errorTable, isErrorCode } from "@pointsman/translate";
import type { ErrorCode } from "@pointsman/translate";
import { sendError } from "../http/create-server.ts";
import { errorTexts } from "./error-texts.ts";

const style = "body{font:16px/1.5 system-ui;max-width:40em;margin:3em auto;padding:0 1em}";

const pageOf = (code: ErrorCode): string => {
  const { status, type, retryable } = errorTable[code];
  const { meaning, remedy } = errorTexts[code];
  const where = status === 0 ? "within a stream" : `status ${status}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${code}</title><style>${style}</style></head>
<body><h1>${code}</h1>
<p>${meaning}</p>
<h2>What to do</h2>
<p>${remedy}</p>
<p><small>${where}, type ${type}, ${retryable ? "worth another try" : "no use repeating"}</small></p>
</body></html>
`;
};

/** GET /docs/errors/{code}: where every error's `doc_url` leads. */
export const addErrorPages = (app: FastifyInstance, docsBaseUrl: () => string): void => {
  app.get<{ Params: { code: string } }>("/docs/errors/:code", (request, reply) => {
    const { code } = request.params;
    if (isErrorCode(code)) return reply.type("text/html; charset=utf-8").send(pageOf(code));
    const message = `There is no error called '${code}'.`;
    sendError(reply, { code: "resource_not_found", message, param: null }, docsBaseUrl);
    return reply;
  });
};
