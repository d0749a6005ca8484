import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { JsonObject } from "../../model/json.ts";
import type { AnswerFormat, ModelTool, ToolChoice } from "../../model/model-request.ts";
import { asSchema } from "../../model/schema/resolve-reference.ts";
import { functionName, functionTool, optionalArray, optionalObject, wrongType } from "../fields.ts";
import { badParameter } from "../refusal.ts";

/** @throws Refusal for tools that are no functions or have no proper name */
export const readTools = (body: JsonObject): readonly ModelTool[] => {
  const tools = optionalArray(body, "tools");
  if (tools?.length === 0) {
    throw badParameter(
      "tools",
      "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "empty_array",
    );
  }
  return (tools ?? []).map((tool, at) => {
    const path = `tools[${at}]`;
    const callee = functionTool(tool, path)["function"];
    if (!isJsonObject(callee)) throw wrongType(`${path}.function`, "an object", callee);
    const name = functionName(callee["name"], `${path}.function.name`);
    const { parameters } = callee;
    // A call's arguments are an object even where the tool says nothing about them.
    return {
      name,
      parameters: { type: "object", ...(isJsonObject(parameters) ? parameters : {}) },
    };
  });
};

/** @throws Refusal for a choice without tools, or of a tool that is not offered */
export const readToolChoice = (body: JsonObject, tools: readonly ModelTool[]): ToolChoice => {
  const choice = body["tool_choice"];
  if (choice === undefined || choice === null) return { mode: "auto" };
  if (tools.length === 0 && choice !== "none") {
    throw badParameter(
      "tool_choice",
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      null,
    );
  }
  if (choice === "none" || choice === "auto" || choice === "required") return { mode: choice };
  const callee = isJsonObject(choice) ? choice["function"] : undefined;
  const name = isJsonObject(callee) ? callee["name"] : undefined;
  if (typeof name !== "string") {
    throw badParameter(
      "tool_choice",
      "Invalid value for 'tool_choice'. Supported values are: 'none', 'auto', 'required', and a function's name.",
      "invalid_value",
    );
  }
  if (!tools.some((tool) => tool.name === name)) {
    throw badParameter(
      "tool_choice",
      `Tool choice '${name}' not found in 'tools' parameter.`,
      "invalid_value",
    );
  }
  return { mode: "named", name };
};

/** @throws Refusal for a format that is not known or lacks its schema's name */
export const readFormat = (body: JsonObject): AnswerFormat => {
  const format = optionalObject(body, "response_format");
  switch (textOf(format === null ? "text" : format["type"])) {
    case "text":
      return { kind: "text" };
    case "json_object":
      return { kind: "json_object" };
    case "json_schema": {
      const described = format?.["json_schema"];
      if (!isJsonObject(described)) {
        throw wrongType("response_format.json_schema", "an object", described);
      }
      if (typeof described["name"] !== "string") {
        throw wrongType("response_format.json_schema.name", "a string", described["name"]);
      }
      const { schema } = described;
      if (schema !== undefined && typeof schema !== "boolean" && !isJsonObject(schema)) {
        throw wrongType("response_format.json_schema.schema", "an object", schema);
      }
      return { kind: "json_schema", schema: asSchema(schema) };
    }
    default:
      throw badParameter(
        "response_format.type",
        "Invalid value for 'response_format.type'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        "invalid_value",
      );
  }
};

/** @throws Refusal if `stop` is neither a string nor up to four of them */
export const readStop = (body: JsonObject): readonly string[] => {
  const { stop } = body;
  if (stop === undefined || stop === null) return [];
  if (typeof stop === "string") return [stop];
  if (!isJsonArray(stop)) throw wrongType("stop", "a string or an array of strings", stop);
  if (stop.length > 4) {
    throw badParameter(
      "stop",
      `Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length ${stop.length} instead.`,
      "array_above_max_length",
    );
  }
  return stop.map((one, at) => {
    if (typeof one !== "string") throw wrongType(`stop[${at}]`, "a string", one);
    return one;
  });
};
