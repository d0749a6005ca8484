import type { ModelRequest, ModelTool } from "./model-request.ts";

const asksForTools = /\b(?:use|call|invoke|run)\b[^.?!\n]*\b(?:tools?|functions?)\b/i;

const isNamed = (text: string, name: string): boolean => {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, "i").test(text);
};

/**
 * The tools a model calls, each once. `required`: all; a named choice: that one; `auto`: on a turn
 * of the user's, those that the message names, or all if it asks to use tools without naming any.
 * Without parallel calls only the first.
 */
export const chooseTools = (request: ModelRequest): readonly ModelTool[] => {
  const chosen = choose(request);
  return request.parallelToolCalls ? chosen : chosen.slice(0, 1);
};

const choose = ({ messages, tools, toolChoice }: ModelRequest): readonly ModelTool[] => {
  switch (toolChoice.mode) {
    case "none":
      return [];
    case "required":
      return tools;
    case "named":
      return tools.filter((tool) => tool.name === toolChoice.name);
    case "auto":
  }
  const last = messages.at(-1);
  if (last?.role !== "user") return [];
  const named = tools.filter((tool) => isNamed(last.text, tool.name));
  return named.length > 0 || !asksForTools.test(last.text) ? named : tools;
};
