import type { PromptSegment } from "../../cache/prefix-chain.ts";
import { isJsonArray, isJsonObject, textOf } from "../../model/json.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { ModelMessage } from "../../model/model-request.ts";
import { badRequest } from "../refusal.ts";
import { isSignedBy, isUnchangedId } from "../signature.ts";

/** What every turn costs beside its content. */
const turnTokens = 3;
/** An image of 1024 × 1024 by https://docs.claude.com/en/docs/build-with-claude/vision: w·h/750. */
const imageTokens = 1398;
const documentTokens = 1500;

export const vendor = "anthropic";
export const callIdPrefix = "toolu_";

type Add = (segments: readonly PromptSegment[], marked: Json | undefined) => void;

const blocksOf = (content: Json | undefined, path: string): readonly JsonObject[] => {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!isJsonArray(content)) throw badRequest(`${path}.content: Field required`);
  return content.map((block, at) => {
    if (isJsonObject(block)) return block;
    throw badRequest(`${path}.content.${at}: Input should be an object`);
  });
};

const sourceOf = (block: JsonObject, path: string): PromptSegment => {
  const { source } = block;
  if (!isJsonObject(source)) throw badRequest(`${path}.source: Field required`);
  const kind = textOf(source["type"]);
  const isImage = block["type"] === "image";
  const given = { base64: source["data"], url: source["url"], text: source["data"] };
  const value = kind === "base64" || kind === "url" || kind === "text" ? given[kind] : undefined;
  if (typeof value !== "string" || value === "") {
    throw badRequest(`${path}.source: Input tag '${kind}' is not valid here`);
  }
  if (
    kind === "base64" &&
    isImage &&
    !/^image\/(?:png|jpeg|gif|webp)$/u.test(textOf(source["media_type"]))
  ) {
    throw badRequest(
      `${path}.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    );
  }
  return { text: value, tokens: isImage ? imageTokens : documentTokens };
};

/** Text and images of a block, or of the content of a tool's result. */
const readResult = (block: JsonObject, path: string): { text: string; images: number } => {
  const { content } = block;
  if (content === undefined || content === null) return { text: "", images: 0 };
  let text = "";
  let images = 0;
  for (const [at, part] of blocksOf(content, path).entries()) {
    if (part["type"] === "text") text += textOf(part["text"]);
    else if (part["type"] === "image") images += sourceOf(part, `${path}.content.${at}`) ? 1 : 0;
    else if (part["type"] !== "document" && part["type"] !== "search_result") {
      throw badRequest(`${path}.content.${at}: Input tag '${textOf(part["type"])}' is unknown`);
    }
  }
  return { text, images };
};

const verifyThinking = (block: JsonObject, path: string): void => {
  const { thinking, signature } = block;
  if (typeof thinking !== "string") throw badRequest(`${path}.thinking.thinking: Field required`);
  if (typeof signature !== "string") throw badRequest(`${path}.thinking.signature: Field required`);
  if (!isSignedBy(vendor, thinking, signature)) {
    throw badRequest(`${path}: Invalid \`signature\` in \`thinking\` block`);
  }
};

/** @throws Refusal for a call whose id, name or input is not what a call has */
const readCall = (block: JsonObject, path: string): { id: string; name: string } => {
  const { id, name, input } = block;
  if (typeof id !== "string" || !/^[a-zA-Z0-9_-]+$/u.test(id)) {
    throw badRequest(`${path}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
  }
  if (!isUnchangedId(vendor, callIdPrefix, id)) {
    throw badRequest(`${path}.tool_use.id: '${id}' is no id that this API gave out`);
  }
  if (typeof name !== "string") throw badRequest(`${path}.tool_use.name: Field required`);
  if (!isJsonObject(input)) {
    throw badRequest(`${path}.tool_use.input: Input should be a valid dictionary`);
  }
  return { id, name };
};

/**
 * Reads `messages`, and holds Anthropic's rules: every `tool_use` is answered in the next turn,
 * signatures verify, and a turn with calls that is thought about begins with its thinking.
 *
 * @throws Refusal
 */
export const readTurns = (
  value: Json | undefined,
  thinks: boolean,
  add: Add,
): { readonly messages: readonly ModelMessage[] } => {
  if (!isJsonArray(value)) throw badRequest("messages: Field required");
  if (value.length === 0) throw badRequest("messages: at least one message is required");
  const messages: ModelMessage[] = [];
  let open = new Map<string, string>();
  const refuseOpen = (before: number): void => {
    if (open.size === 0) return;
    throw badRequest(
      `messages.${before}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${[...open.keys()].join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  };
  value.forEach((turn, at) => {
    const path = `messages.${at}`;
    if (!isJsonObject(turn)) throw badRequest(`${path}: Input should be an object`);
    const { role } = turn;
    if (role !== "user" && role !== "assistant") {
      throw badRequest(`${path}: Input should be 'user' or 'assistant' for role`);
    }
    const blocks = blocksOf(turn["content"], path);
    if (blocks.length === 0 && !(role === "assistant" && at === value.length - 1)) {
      throw badRequest(
        `${path}: all messages must have non-empty content except for the optional final assistant message`,
      );
    }
    add([{ text: `${role}:`, tokens: turnTokens }], undefined);
    const asked = open;
    if (role === "assistant") refuseOpen(at - 1);
    const calls = new Map<string, string>();
    let text = "";
    let images = 0;
    let sawOther = false;
    blocks.forEach((block, index) => {
      const here = `${path}.content.${index}`;
      const type = textOf(block["type"]);
      if (role === "assistant" && (type === "tool_result" || type === "image")) {
        throw badRequest(`${here}: \`${type}\` blocks can only be in user messages`);
      }
      switch (type) {
        case "text": {
          if (typeof block["text"] !== "string")
            throw badRequest(`${here}.text.text: Field required`);
          if (block["text"] === "") {
            throw badRequest("messages: text content blocks must be non-empty");
          }
          if (block["text"].trim() === "") {
            throw badRequest("messages: text content blocks must contain non-whitespace text");
          }
          text += block["text"];
          sawOther = true;
          add([{ text: block["text"], tokens: null }], block);
          return;
        }
        case "image":
        case "document": {
          images += type === "image" ? 1 : 0;
          sawOther = true;
          add([sourceOf(block, here)], block);
          return;
        }
        case "thinking":
          verifyThinking(block, here);
          return;
        case "redacted_thinking":
          if (typeof block["data"] !== "string") throw badRequest(`${here}.data: Field required`);
          return;
        case "tool_use": {
          const { id, name } = readCall(block, here);
          if (calls.has(id)) throw badRequest("messages: `tool_use` ids must be unique");
          calls.set(id, name);
          add([{ text: JSON.stringify([name, block["input"]]), tokens: null }], block);
          return;
        }
        case "tool_result": {
          const id = textOf(block["tool_use_id"]);
          const toolName = asked.get(id);
          if (toolName === undefined) {
            throw badRequest(
              `${here}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
            );
          }
          if (sawOther) {
            throw badRequest(`${path}: \`tool_result\` blocks must come before other content`);
          }
          asked.delete(id);
          const result = readResult(block, here);
          messages.push({ role: "tool", ...result, toolName });
          add([{ text: result.text, tokens: null }], block);
          return;
        }
        default:
          throw badRequest(
            `${here}: Input tag '${type}' found using 'type' does not match any of the expected tags`,
          );
      }
    });
    if (role === "user") refuseOpen(at - 1);
    const isLast = at === value.length - 1;
    if (role === "assistant" && isLast && text !== text.trimEnd()) {
      throw badRequest("messages: final assistant content cannot end with trailing whitespace");
    }
    if (role === "assistant" && thinks) refuseUnthought(blocks, isInCurrentTurn(value, at), path);
    open = calls;
    if (text !== "" || images > 0 || role === "assistant") {
      messages.push({ role, text, images, toolName: null });
    }
  });
  refuseOpen(value.length - 1);
  return { messages };
};

/** Whether only results of tools have come from the user since. */
const isInCurrentTurn = (turns: readonly Json[], at: number): boolean =>
  turns.slice(at + 1).every((turn) => {
    if (!isJsonObject(turn) || turn["role"] !== "user") return true;
    const { content } = turn;
    return (
      isJsonArray(content) &&
      content.every((block) => isJsonObject(block) && block["type"] === "tool_result")
    );
  });

/** https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks */
const refuseUnthought = (blocks: readonly JsonObject[], isCurrent: boolean, path: string): void => {
  const [first] = blocks;
  const hasCall = blocks.some((block) => block["type"] === "tool_use");
  const wasThought = blocks.some(
    (block) => block["type"] === "thinking" || block["type"] === "redacted_thinking",
  );
  if (!isCurrent || !hasCall || !wasThought) return;
  if (first?.["type"] === "thinking" || first?.["type"] === "redacted_thinking") return;
  throw badRequest(
    `${path}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${textOf(first?.["type"])}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
  );
};
