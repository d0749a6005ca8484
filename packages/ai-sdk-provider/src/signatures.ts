import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { isFields } from "./options.ts";

type Fields = Record<string, unknown>;

const list = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const signed = (
  known: SharedV4ProviderMetadata | undefined,
  name: string,
  own: Readonly<Record<string, string>>,
): SharedV4ProviderMetadata => ({ ...known, [name]: { ...known?.[name], ...own } });

type Prompt = LanguageModelV4CallOptions["prompt"];
type AssistantPart = Extract<Prompt[number], { role: "assistant" }>["content"][number];

const ownOptions = (part: AssistantPart, name: string): Readonly<Record<string, unknown>> =>
  "providerOptions" in part ? (part.providerOptions?.[name] ?? {}) : {};

/** Reasoning of a prompt as the wire's blocks: only what was signed can be sent back. */
const blocksOf = (parts: readonly AssistantPart[], name: string): readonly Fields[] =>
  parts.flatMap((part): Fields[] => {
    if (part.type !== "reasoning") return [];
    const { signature, redactedData } = ownOptions(part, name);
    if (typeof redactedData === "string") return [{ type: "redacted", data: redactedData }];
    if (typeof signature !== "string") return [];
    return [{ type: "thinking", thinking: part.text, signature }];
  });

/** Puts what providers signed back into the messages of a body, where it was. */
export const withSignatures = (body: Fields, prompt: Prompt, name: string): Fields => {
  const turns = prompt.flatMap((turn) => (turn.role === "assistant" ? [turn.content] : []));
  let turn = 0;
  const messages = list(body["messages"]).map((message) => {
    if (message["role"] !== "assistant") return message;
    const parts = turns[turn] ?? [];
    turn += 1;
    const blocks = blocksOf(parts, name);
    const signatures = new Map(
      parts.flatMap((part) => {
        const { signature } = part.type === "tool-call" ? ownOptions(part, name) : {};
        return part.type === "tool-call" && typeof signature === "string"
          ? [[part.toolCallId, signature] as const]
          : [];
      }),
    );
    const calls = list(message["tool_calls"]).map((call) => {
      const signature = signatures.get(text(call["id"]) ?? "");
      return signature === undefined ? call : { ...call, provider_signature: signature };
    });
    return {
      ...message,
      ...(blocks.length === 0 ? {} : { reasoning: blocks }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  });
  return { ...body, messages };
};

/** The name under which blocks of reasoning are put by, since the AI SDK takes `reasoning` for a text. */
export const blocksField = "reasoning_blocks";

/** Content of a whole answer with what its provider signed. */
export const contentWithSignatures = (
  content: readonly LanguageModelV4Content[],
  body: unknown,
  name: string,
): LanguageModelV4Content[] => {
  const [choice] = list(isFields(body) ? body["choices"] : []);
  const message = isFields(choice?.["message"]) ? choice["message"] : {};
  const blocks = list(message[blocksField]);
  const signatures = new Map(
    list(message["tool_calls"]).map((call) => [call["id"], text(call["provider_signature"])]),
  );
  const rest = content.flatMap((part): LanguageModelV4Content[] => {
    // The blocks say the same, signed.
    if (part.type === "reasoning" && blocks.length > 0) return [];
    if (part.type !== "tool-call") return [part];
    const signature = signatures.get(part.toolCallId);
    if (signature === undefined) return [part];
    return [{ ...part, providerMetadata: signed(part.providerMetadata, name, { signature }) }];
  });
  const reasoning = blocks.map((block): LanguageModelV4Content => {
    const redactedData = text(block["data"]);
    const own: Record<string, string> =
      redactedData === undefined ? { signature: text(block["signature"]) ?? "" } : { redactedData };
    return {
      type: "reasoning",
      text: text(block["thinking"]) ?? "",
      providerMetadata: signed(undefined, name, own),
    };
  });
  return [...reasoning, ...rest];
};

/** Signs the parts of a stream with what its raw chunks told. */
export class StreamSignatures {
  readonly #name: string;
  readonly #callIds = new Map<number, string>();
  readonly #ofCalls = new Map<string, string>();
  #reasoning: Record<string, string> = {};

  constructor(name: string) {
    this.#name = name;
  }

  /** A chunk as it came. */
  seen(chunk: unknown): void {
    const [choice] = list(isFields(chunk) ? chunk["choices"] : []);
    const delta = isFields(choice?.["delta"]) ? choice["delta"] : {};
    const signature = text(delta["reasoning_signature"]);
    if (signature !== undefined) this.#reasoning["signature"] = signature;
    const redacted = text(delta["reasoning_redacted_data"]);
    if (redacted !== undefined) this.#reasoning["redactedData"] = redacted;
    for (const call of list(delta["tool_calls"])) {
      const index = Number(call["index"]);
      const id = text(call["id"]);
      if (id !== undefined) this.#callIds.set(index, id);
      const of = text(call["provider_signature"]);
      if (of !== undefined) this.#ofCalls.set(this.#callIds.get(index) ?? "", of);
    }
  }

  sign(part: LanguageModelV4StreamPart): LanguageModelV4StreamPart {
    if (part.type === "reasoning-end" && Object.keys(this.#reasoning).length > 0) {
      const own = this.#reasoning;
      this.#reasoning = {};
      return { ...part, providerMetadata: signed(part.providerMetadata, this.#name, own) };
    }
    if (part.type !== "tool-call") return part;
    const signature = this.#ofCalls.get(part.toolCallId);
    if (signature === undefined) return part;
    return { ...part, providerMetadata: signed(part.providerMetadata, this.#name, { signature }) };
  }
}
