import { errorTable } from "@pointsman/translate";
import { z } from "zod";
import { operations } from "./operations.ts";
import type { Operation, QueryParameter } from "./operations.ts";

type Json = Readonly<Record<string, unknown>>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  // The dialect is that of the document.
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  return rest;
};

const errorCodes = Object.entries(errorTable)
  .filter(([, { status }]) => status > 0)
  .map(([code]) => code);

const openAiError: Json = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["message", "type", "code", "param", "doc_url"],
      properties: {
        message: { type: "string", minLength: 1 },
        type: {
          enum: [
            "invalid_request_error",
            "authentication_error",
            "permission_error",
            "not_found_error",
            "rate_limit_error",
            "api_error",
          ],
        },
        code: { enum: errorCodes },
        param: { type: ["string", "null"] },
        doc_url: { type: "string" },
        provider: { type: "string" },
        suggestion: { type: "string" },
      },
    },
  },
};

const anthropicError: Json = {
  type: "object",
  required: ["type", "error", "request_id"],
  properties: {
    type: { const: "error" },
    error: {
      type: "object",
      required: ["type", "message", "details"],
      properties: {
        type: {
          enum: [
            "invalid_request_error",
            "authentication_error",
            "billing_error",
            "permission_error",
            "not_found_error",
            "rate_limit_error",
            "timeout_error",
            "api_error",
            "overloaded_error",
          ],
        },
        message: { type: "string", minLength: 1 },
        suggestion: { type: "string" },
        details: {
          type: "object",
          required: ["error_code"],
          properties: { error_code: { enum: errorCodes } },
        },
      },
    },
    request_id: { type: "string" },
  },
};

const pathParameters = (path: string): readonly Json[] =>
  [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

const queryParameter = ({ name, values, type = "string" }: QueryParameter): Json => ({
  name,
  in: "query",
  required: false,
  schema: values === undefined ? { type } : { enum: values },
});

const idempotencyKey: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", pattern: "^[A-Za-z0-9_-]+$", maxLength: 255 },
};

const contentOf = ({ answer, media }: Operation): Json => ({
  ...(answer === null ? {} : { "application/json": { schema: schemaOf(answer, "output") } }),
  ...(media === undefined ? {} : { [media]: {} }),
});

const operationOf = (operation: Operation): Json => {
  const { id, summary, scope, query = [], body, status = 200, accepted } = operation;
  const family = operation.anthropic === true ? "AnthropicError" : "Error";
  const needs = scope === null ? "" : scope === "any" ? " Any key." : ` Scope ${scope}.`;
  const parameters = [
    ...pathParameters(operation.path),
    ...query.map((one) => queryParameter(one)),
    ...(operation.idempotent ? [idempotencyKey] : []),
  ];
  return {
    operationId: id,
    summary,
    description: `${summary}${needs}`,
    security: scope === null ? [] : [{ bearer: [] }, { apiKey: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(body, "input") } },
          },
        }),
    responses: {
      [status]: { description: "As asked.", content: contentOf(operation) },
      ...(accepted === undefined
        ? {}
        : {
            202: {
              description: "Done, and not in force yet.",
              content: { "application/json": { schema: schemaOf(accepted, "output") } },
            },
          }),
      default: {
        description: "An error.",
        content: {
          "application/json": { schema: { $ref: `#/components/schemas/${family}` } },
        },
      },
    },
  };
};

/** The OpenAPI 3.1 description of the gateway, made of the schemas it checks with. */
export const openApiDocument = (publicUrl: string, version: string): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    (paths[operation.path] ??= {})[operation.method] = operationOf(operation);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Pointsman",
      version,
      description: "Routes every LLM request to its best provider.",
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
      schemas: { Error: openAiError, AnthropicError: anthropicError },
    },
  };
};
