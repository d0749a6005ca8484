import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv/dist/2020.js";
import type { Json } from "../manage/client.ts";

const object = (value: unknown): Json => (value ?? {}) as Json;

/** One endpoint of the document. */
export type Described = {
  readonly id: string;
  readonly method: string;
  /** Parameters in braces. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly status: number;
  /** `null` = its answer is no JSON. */
  readonly answer: ValidateFunction | null;
  /** Of status 202; `null` = it never has it. */
  readonly accepted: ValidateFunction | null;
  readonly error: ValidateFunction;
};

/** The gateway's own document, with a validator for each answer. */
export type ContractDocument = {
  readonly json: Json;
  readonly operations: ReadonlyMap<string, Described>;
};

/** Reads /openapi.json of a running gateway. */
export const readDocument = async (baseUrl: string): Promise<ContractDocument> => {
  const response = await fetch(baseUrl.replace(/\/v1$/u, "/openapi.json"));
  const json = (await response.json()) as Json;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const schemas = object(object(json["components"])["schemas"]);
  const contentSchema = (answer: unknown): Json | null => {
    const content = object(object(answer)["content"]);
    const schema = object(content["application/json"])["schema"];
    return schema === undefined ? null : (schema as Json);
  };
  const errors = {
    Error: ajv.compile(object(schemas["Error"])),
    AnthropicError: ajv.compile(object(schemas["AnthropicError"])),
  };
  const operations = new Map<string, Described>();
  for (const [path, methods] of Object.entries(object(json["paths"]))) {
    for (const [method, value] of Object.entries(object(methods))) {
      const operation = object(value);
      const responses = object(operation["responses"]);
      const [status = "200"] = Object.keys(responses).filter((key) => key !== "default");
      const answer = contentSchema(responses[status]);
      const accepted = contentSchema(responses["202"]);
      const family = contentSchema(responses["default"])?.["$ref"];
      operations.set(String(operation["operationId"]), {
        id: String(operation["operationId"]),
        method: method.toUpperCase(),
        path,
        isPublic: Array.isArray(operation["security"]) && operation["security"].length === 0,
        status: Number(status),
        answer: answer === null ? null : ajv.compile(answer),
        accepted: accepted === null ? null : ajv.compile(accepted),
        error: String(family).endsWith("/AnthropicError") ? errors.AnthropicError : errors.Error,
      });
    }
  }
  return { json, operations };
};

/** What a validator finds wrong; empty = nothing. */
export const faultsOf = (validate: ValidateFunction, value: unknown): readonly string[] =>
  validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
