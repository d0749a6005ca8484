import type { PromptSegment } from "../../cache/prefix-chain.ts";
import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { ModelMessage } from "../../model/model-request.ts";
import { badRequest } from "../refusal.ts";
import { isSignedBy } from "../signature.ts";

export const vendor = "google";

/** https://ai.google.dev/gemini-api/docs/tokens: an image up to 384 × 384 is 258 tokens. */
const imageTokens = 258;
const turnTokens = 2;

/** What Google's documentation gives for calls that no Gemini model made. */
const foreignCallSignature = "skip_thought_signature_validator";

/** What a call's signature is of. */
export const callText = (name: string, args: Json): string => JSON.stringify([name, args]);

const partKinds = [
  "text",
  "inlineData",
  "fileData",
  "functionCall",
  "functionResponse",
  "executableCode",
  "codeExecutionResult",
];
const partExtras = ["thought", "thoughtSignature", "videoMetadata", "mediaResolution"];

const partsOf = (content: JsonObject, path: string): readonly JsonObject[] => {
  const { parts } = content;
  if (!isJsonArray(parts) || parts.length === 0) {
    throw badRequest(`* GenerateContentRequest.${path}.parts: contents.parts must not be empty.`);
  }
  return parts.map((part, at) => {
    const here = `${path}.parts[${at}]`;
    if (!isJsonObject(part))
      throw badRequest(
        `Invalid value at '${here}' (type.googleapis.com/google.ai.generativelanguage.v1beta.Part)`,
      );
    const unknown = Object.keys(part).find(
      (key) => !partKinds.includes(key) && !partExtras.includes(key),
    );
    if (unknown !== undefined) {
      throw badRequest(
        `Invalid JSON payload received. Unknown name "${unknown}" at '${here}': Cannot find field.`,
      );
    }
    if (partKinds.filter((kind) => part[kind] !== undefined).length !== 1) {
      throw badRequest(
        `* GenerateContentRequest.${here}.data: required oneof field 'data' must have one initialized field`,
      );
    }
    return part;
  });
};

export type ReadContents = {
  readonly messages: readonly ModelMessage[];
  readonly segments: readonly PromptSegment[];
};

/**
 * Reads `systemInstruction` and `contents`, and holds Google's rules: calls are answered in the
 * next turn, by as many responses of the same names, and signatures verify.
 *
 * @param demandsSignatures whether the model refuses a call of the current turn without one
 * @throws Refusal
 */
export const readContents = (body: JsonObject, demandsSignatures: boolean): ReadContents => {
  const messages: ModelMessage[] = [];
  const segments: PromptSegment[] = [];
  const { systemInstruction: system, contents } = body;
  if (system !== undefined && system !== null) {
    if (!isJsonObject(system)) throw badRequest("Invalid value at 'system_instruction'");
    const text = partsOf(system, "system_instruction")
      .map((part) => textOf(part["text"]))
      .join("");
    messages.push({ role: "system", text, images: 0, toolName: null });
    segments.push({ text, tokens: null });
  }
  if (!isJsonArray(contents) || contents.length === 0) {
    throw badRequest("* GenerateContentRequest.contents: contents is not specified");
  }
  const turns = contents.map((content, at) => {
    if (!isJsonObject(content)) throw badRequest(`Invalid value at 'contents[${at}]'`);
    const role = textOf(content["role"] ?? "user");
    if (role !== "user" && role !== "model") {
      throw badRequest("Please use a valid role: user, model.");
    }
    return { role, parts: partsOf(content, `contents[${at}]`) };
  });
  const currentFrom = turns.findLastIndex(
    ({ role, parts }) =>
      role === "user" && parts.some((part) => part["functionResponse"] === undefined),
  );
  let open: string[] = [];
  turns.forEach(({ role, parts }, at) => {
    segments.push({ text: `${role}:`, tokens: turnTokens });
    const responses = parts.flatMap((part) => {
      const response = part["functionResponse"];
      return isJsonObject(response) ? [response] : [];
    });
    if (open.length > 0 || responses.length > 0) {
      const names = responses.map((response) => textOf(response["name"]));
      if (role !== "user" || names.length !== open.length) {
        throw badRequest(
          "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
        );
      }
      if (names.toSorted().join() !== open.toSorted().join()) {
        throw badRequest("Please ensure that function response names match the function calls.");
      }
    }
    open = [];
    let text = "";
    let images = 0;
    let calls = 0;
    parts.forEach((part, index) => {
      const here = `contents[${at}].parts[${index}]`;
      const signature = part["thoughtSignature"];
      const call = part["functionCall"];
      const response = part["functionResponse"];
      if (isJsonObject(call)) {
        if (role !== "model") throw badRequest("Function calls must come from the model.");
        const name = textOf(call["name"]);
        const args = call["args"] ?? {};
        open.push(name);
        calls += 1;
        verifyCall({
          name,
          args,
          signature,
          isDemanded: demandsSignatures && calls === 1 && at > currentFrom,
        });
        segments.push({ text: callText(name, args), tokens: null });
      } else if (isJsonObject(response)) {
        if (!isJsonObject(response["response"])) {
          throw badRequest(`Invalid value at '${here}.function_response.response' (Struct)`);
        }
        const told = JSON.stringify(response["response"]);
        messages.push({ role: "tool", text: told, images: 0, toolName: textOf(response["name"]) });
        segments.push({ text: told, tokens: null });
      } else if (part["inlineData"] !== undefined || part["fileData"] !== undefined) {
        const data = part["inlineData"] ?? part["fileData"];
        if (!isJsonObject(data) || typeof data["mimeType"] !== "string") {
          throw badRequest(`Unable to determine mime type at '${here}'`);
        }
        images += data["mimeType"].startsWith("image/") ? 1 : 0;
        segments.push({ text: JSON.stringify(data), tokens: imageTokens });
      } else if (typeof part["text"] === "string") {
        const said = part["text"];
        if (typeof signature === "string") verifyText(said, signature);
        if (part["thought"] !== true) text += said;
        segments.push({ text: said, tokens: null });
      }
    });
    if (role === "model" || text !== "" || images > 0) {
      messages.push({
        role: role === "model" ? "assistant" : "user",
        text,
        images,
        toolName: null,
      });
    }
  });
  if (open.length > 0) {
    throw badRequest(
      "Please ensure that function call turn is followed by a function response turn.",
    );
  }
  return { messages, segments };
};

type SignedCall = {
  readonly name: string;
  readonly args: Json;
  readonly signature: Json | undefined;
  readonly isDemanded: boolean;
};

/** https://ai.google.dev/gemini-api/docs/thought-signatures */
const verifyCall = ({ name, args, signature, isDemanded }: SignedCall): void => {
  if (signature === undefined) {
    if (!isDemanded) return;
    throw badRequest(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${name}\`.`,
    );
  }
  if (signature === foreignCallSignature) return;
  if (!isSignedBy(vendor, callText(name, args), textOf(signature))) {
    throw badRequest("Thought signature is not valid.");
  }
};

const verifyText = (text: string, signature: string): void => {
  if (signature === foreignCallSignature) return;
  // An answer's signature may come back on its text, or on an empty part behind it.
  if (isSignedBy(vendor, text, signature) || text === "") return;
  throw badRequest("Thought signature is not valid.");
};
