import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A request as a provider got it. */
export type SentRequest = { readonly path: string; readonly body: unknown };

const test = join(import.meta.dirname, "..");
const repository = join(test, "..");

/** The vendors' SDKs' own types of what they send, by the end of a path. */
const header = `
import type { MessageCreateParams } from "@anthropic-ai/sdk/resources/messages";
import type { Content, GenerationConfig, Tool, ToolConfig } from "@google/genai";
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { ResponseCreateParams } from "openai/resources/responses/responses";

/** Enums as the words they stand for. */
type Wire<T> = T extends string ? \`\${T}\` : T extends object ? { [K in keyof T]: Wire<T[K]> } : T;

/** The SDK has the parts of the body, and composes them elsewhere. */
type GenerateContentBody = Wire<{
  contents: Content[];
  systemInstruction?: Content;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  generationConfig?: GenerationConfig;
}>;

/** API version 2026-10-21, the SDK's, knows them no longer; 2023-06-01, which goes out, does. */
type MessagesBody = MessageCreateParams & { temperature?: number; top_p?: number; top_k?: number };

/** DeepSeek's: https://api-docs.deepseek.com/guides/thinking_mode */
type ChatBody = ChatCompletionCreateParams & { thinking?: { type: "enabled" | "disabled" } };
`;

const typeOf = (path: string): string => {
  if (path.endsWith("/chat/completions")) return "ChatBody";
  if (path.endsWith("/responses")) return "ResponseCreateParams";
  if (path.endsWith("/messages")) return "MessagesBody";
  if (/:(?:streamG|g)enerateContent/u.test(path)) return "GenerateContentBody";
  throw new Error(`no type is known for ${path}`);
};

const compilerOptions = {
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  target: "es2024",
  module: "nodenext",
  types: ["node"],
};

/** What the TypeScript compiler has against the requests, held to the SDKs' types; "" = nothing. */
export const typeFaults = async (requests: readonly SentRequest[]): Promise<string> => {
  // Inside `test`, where the SDKs are found.
  const folder = join(test, "node_modules", ".cache", `request-types-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    const lines = requests.map(
      ({ path, body }, at) =>
        `export const request${at}: ${typeOf(path)} = ${JSON.stringify(body)};`,
    );
    await writeFile(join(folder, "requests.ts"), [header, ...lines].join("\n"));
    await writeFile(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions, files: ["requests.ts"] }),
    );
    const compiler = join(repository, "node_modules", ".bin", "tsc");
    await promisify(execFile)(compiler, ["-p", folder], { timeout: 50_000 });
    return "";
  } catch (error) {
    const { stdout } = Object(error) as { stdout?: unknown };
    const told = typeof stdout === "string" && stdout !== "" ? stdout : String(error);
    return told.split("\n").slice(0, 20).join("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
};
