import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Json } from "../model/json.ts";

/** Headers that every answer of OpenAI's API carries. */
export const commonHeaders = (startMs: number): Record<string, string> => ({
  "openai-version": "2020-10-01",
  "openai-processing-ms": String(Math.round(performance.now() - startMs)),
  "x-request-id": `req_${randomUUID().replaceAll("-", "")}`,
});

export type JsonAnswer = {
  readonly status: number;
  readonly body: Json;
  /** When the request arrived, on the clock of `performance.now()`. */
  readonly startMs: number;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Ends a response with a JSON body (a string is sent as it is). */
export const writeJson = (response: ServerResponse, answer: JsonAnswer): void => {
  if (response.destroyed) return;
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    "content-type": "application/json",
    ...commonHeaders(answer.startMs),
    ...answer.headers,
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
};
