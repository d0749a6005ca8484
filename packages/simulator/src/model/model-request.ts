import type { Schema } from "./schema/resolve-reference.ts";

export type ModelMessage = {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
  readonly images: number;
  /** Of a tool's result: the tool that gave it, if the conversation says so. */
  readonly toolName: string | null;
};

export type ModelTool = {
  readonly name: string;
  /** Schema of its arguments. */
  readonly parameters: Schema;
};

export type ToolChoice =
  | { readonly mode: "none" | "auto" | "required" }
  | { readonly mode: "named"; readonly name: string };

export type AnswerFormat =
  | { readonly kind: "text" }
  | { readonly kind: "json_object" }
  | { readonly kind: "json_schema"; readonly schema: Schema };

export type ReasoningEffort = "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

/** What a simulated model reads, whatever the wire it came over. */
export type ModelRequest = {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls: boolean;
  readonly format: AnswerFormat;
  /** `null` = answer without reasoning first. */
  readonly reasoningEffort: ReasoningEffort | null;
  /** The caller's own seed, if it sent one. */
  readonly seed: number | null;
};

export type ToolCall = { readonly name: string; readonly argumentsJson: string };

/** What a simulated model says, before any limit of length. */
export type ModelAnswer = {
  readonly reasoning: string;
  /** Empty if the model calls tools. */
  readonly content: string;
  readonly toolCalls: readonly ToolCall[];
};
