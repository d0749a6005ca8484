import type { FastifyInstance } from "fastify";
import { version } from "@pointsman/provider";
import { openApiDocument } from "./document.ts";
import { operations } from "./operations.ts";

/** `/v1/models/*` and `/v1/a/:b` as the document writes them. */
const templateOf = (url: string): string =>
  url.replace(/:(\w+)/gu, "{$1}").replace("/v1/models/*", "/v1/models/{model}");

/**
 * GET /openapi.json. To be added first: it holds every route that comes after to the document.
 *
 * @throws RangeError when a route is added that the document does not describe
 */
export const addOpenApiRoute = (app: FastifyInstance, docsBaseUrl: () => string): void => {
  const described = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) {
      const name = `${one.toLowerCase()} ${templateOf(url)}`;
      if (!described.has(name)) throw new RangeError(`the document does not describe ${name}`);
    }
  });
  let made: { readonly url: string; readonly body: string } | undefined;
  app.get("/openapi.json", (_request, reply) => {
    const url = docsBaseUrl();
    if (made?.url !== url) made = { url, body: JSON.stringify(openApiDocument(url, version)) };
    return reply.header("content-type", "application/json; charset=utf-8").send(made.body);
  });
};
