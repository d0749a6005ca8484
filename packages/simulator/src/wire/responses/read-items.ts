import type { PromptSegment } from "../../cache/prefix-chain.ts";
import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { ModelMessage } from "../../model/model-request.ts";
import { wrongType } from "../fields.ts";
import { openAiRoles } from "../openai-roles.ts";
import { badParameter, badRequest, Refusal } from "../refusal.ts";
import { isUnchangedCallId, vendor } from "../openai-call-id.ts";
import { unseal } from "../signature.ts";

const itemTokens = 3;
const imageTokens = 765;
const fileTokens = 250;

type Content = {
  readonly text: string;
  readonly images: number;
  readonly segments: PromptSegment[];
};

const readPart = (part: Json, role: string, path: string): Content => {
  if (!isJsonObject(part)) throw wrongType(path, "an object", part);
  const type = textOf(part["type"]);
  const isOutput = role === "assistant";
  const allowed = isOutput
    ? ["output_text", "refusal"]
    : ["input_text", "input_image", "input_file"];
  if (!allowed.includes(type)) {
    throw badParameter(
      `${path}.type`,
      `Invalid value: '${type}'. Supported values are: ${allowed.map((one) => `'${one}'`).join(" and ")}.`,
      "invalid_value",
    );
  }
  if (type === "input_image" || type === "input_file") {
    const tokens = type === "input_image" ? imageTokens : fileTokens;
    const isImage = type === "input_image";
    if (isImage && typeof part["image_url"] !== "string" && typeof part["file_id"] !== "string") {
      throw badParameter(`${path}.image_url`, "An image needs 'image_url' or 'file_id'.", null);
    }
    const segments = [{ text: JSON.stringify(part), tokens }];
    return { text: "", images: isImage ? 1 : 0, segments };
  }
  const text = part[type === "refusal" ? "refusal" : "text"];
  if (typeof text !== "string") throw wrongType(`${path}.text`, "a string", text);
  return { text, images: 0, segments: [{ text, tokens: null }] };
};

const readContent = (content: Json | undefined, role: string, path: string): Content => {
  if (typeof content === "string") {
    return { text: content, images: 0, segments: [{ text: content, tokens: null }] };
  }
  if (!isJsonArray(content)) throw wrongType(path, "a string or an array", content);
  const parts = content.map((part, at) => readPart(part, role, `${path}[${at}]`));
  return {
    text: parts
      .map(({ text }) => text)
      .filter((text) => text !== "")
      .join("\n"),
    images: parts.reduce((sum, { images }) => sum + images, 0),
    segments: parts.flatMap(({ segments }) => segments),
  };
};

const idPrefixes: Readonly<Record<string, string>> = {
  message: "msg",
  function_call: "fc",
  reasoning: "rs",
};

const checkId = (item: JsonObject, type: string, path: string): void => {
  const { id } = item;
  const prefix = idPrefixes[type];
  if (typeof id !== "string" || prefix === undefined || id.startsWith(prefix)) return;
  throw badParameter(
    `${path}.id`,
    `Invalid '${path}.id': '${id}'. Expected an ID that begins with '${prefix}'.`,
    "invalid_value",
  );
};

const checkReasoning = (item: JsonObject, next: Json | undefined, path: string): void => {
  if (!isJsonArray(item["summary"]))
    throw wrongType(`${path}.summary`, "an array", item["summary"]);
  const sealed = item["encrypted_content"];
  if (typeof sealed !== "string") {
    throw new Refusal({
      status: 404,
      message: `Item with id '${textOf(item["id"])}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
      param: "input",
    });
  }
  if (unseal(vendor, sealed) === null) {
    throw new Refusal({
      status: 400,
      message: `The encrypted content for item ${textOf(item["id"])} could not be verified.`,
      code: "invalid_encrypted_content",
    });
  }
  const type = isJsonObject(next) ? (next["type"] ?? "message") : null;
  const follows =
    type === "function_call" ||
    type === "reasoning" ||
    (type === "message" && isJsonObject(next) && next["role"] === "assistant");
  if (!follows) {
    throw badParameter(
      "input",
      `Item '${textOf(item["id"])}' of type 'reasoning' was provided without its required following item.`,
      null,
    );
  }
};

export type ReadItems = {
  readonly messages: readonly ModelMessage[];
  readonly segments: readonly PromptSegment[];
};

/**
 * Reads `input`, and holds OpenAI's rules: every call has its output and every output its call,
 * reasoning verifies and is followed by what it led to, ids begin as their items' do.
 *
 * @throws Refusal
 */
export const readItems = (input: Json | undefined): ReadItems => {
  if (typeof input === "string") {
    const message: ModelMessage = { role: "user", text: input, images: 0, toolName: null };
    return { messages: [message], segments: [{ text: input, tokens: null }] };
  }
  if (!isJsonArray(input)) throw wrongType("input", "a string or an array", input);
  const messages: ModelMessage[] = [];
  const segments: PromptSegment[] = [];
  const calls = new Map<string, string>();
  const answered = new Set<string>();
  input.forEach((item, at) => {
    const path = `input[${at}]`;
    if (!isJsonObject(item)) throw wrongType(path, "an object", item);
    const type = textOf(item["type"] ?? "message");
    checkId(item, type, path);
    switch (type) {
      case "message": {
        const name = textOf(item["role"]);
        const role = Object.hasOwn(openAiRoles, name) ? openAiRoles[name] : undefined;
        if (role === undefined) {
          throw badParameter(
            `${path}.role`,
            `Invalid value: '${name}'. Supported values are: 'assistant', 'system', 'developer', and 'user'.`,
            "invalid_value",
          );
        }
        const {
          text,
          images,
          segments: added,
        } = readContent(item["content"], name, `${path}.content`);
        messages.push({ role, text, images, toolName: null });
        segments.push({ text: `${role}:`, tokens: itemTokens }, ...added);
        return;
      }
      case "function_call": {
        const { call_id: id, name, arguments: written } = item;
        if (typeof id !== "string") throw wrongType(`${path}.call_id`, "a string", id);
        if (typeof name !== "string") throw wrongType(`${path}.name`, "a string", name);
        if (typeof written !== "string") throw wrongType(`${path}.arguments`, "a string", written);
        if (!isUnchangedCallId(id)) {
          throw badParameter(`${path}.call_id`, `'${id}' is no id that this API gave out.`, null);
        }
        calls.set(id, name);
        segments.push({ text: JSON.stringify([name, written]), tokens: null });
        return;
      }
      case "function_call_output": {
        const id = textOf(item["call_id"]);
        const toolName = calls.get(id);
        if (toolName === undefined) {
          throw badParameter(
            "input",
            `No tool call found for function call output with call_id ${id}.`,
            null,
          );
        }
        answered.add(id);
        const { text, images } = readContent(item["output"], "user", `${path}.output`);
        messages.push({ role: "tool", text, images, toolName });
        segments.push({ text, tokens: null });
        return;
      }
      case "reasoning":
        checkReasoning(item, input[at + 1], path);
        return;
      default:
        throw badParameter(`${path}.type`, `Invalid value: '${type}'.`, "invalid_value");
    }
  });
  const missing = [...calls.keys()].find((id) => !answered.has(id));
  if (missing !== undefined) {
    throw badParameter("input", `No tool output found for function call ${missing}.`, null);
  }
  if (messages.length === 0) throw badRequest("One of 'input' or 'prompt' must be provided.");
  return { messages, segments };
};
