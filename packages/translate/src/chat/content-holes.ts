import type { JsonRecord } from "../json/read.ts";
import { asArray, asRecord } from "../json/read.ts";
import { skipSpace } from "../json/skip.ts";
import type { TopLevelSpan, TopLevelSpans } from "../json/top-level-spans.ts";
import { findSpan, scanObjectAt } from "../json/top-level-spans.ts";
import type { Hole } from "../sse/event-templates.ts";
import { stringHole } from "../sse/event-templates.ts";

const firstElement = (json: string, list: TopLevelSpan | undefined): TopLevelSpans | null => {
  if (list === undefined || json.charCodeAt(list.valueStart) !== 0x5b) return null;
  return scanObjectAt(json, skipSpace(json, list.valueStart + 1));
};

const member = (json: string, object: TopLevelSpans | null, key: string): TopLevelSpans | null => {
  const span = object === null ? undefined : findSpan(object, key);
  return span === undefined ? null : scanObjectAt(json, span.valueStart);
};

const textKeys = new Set(["content", "reasoning_content", "reasoning", "refusal"]);

const onlyArguments = (delta: JsonRecord): boolean => {
  const calls = asArray(delta["tool_calls"]);
  const definition = asRecord(asRecord(calls[0])?.["function"]);
  return (
    calls.length === 1 &&
    definition !== null &&
    typeof definition["arguments"] === "string" &&
    Object.keys(definition).length === 1
  );
};

/** Where the one content string of a delta stands; `null` if it carries anything else. */
const contentHole = (json: string, choice: TopLevelSpans, delta: JsonRecord): Hole | null => {
  const carried = Object.keys(delta).filter((key) => key !== "role" && delta[key] !== null);
  const [key] = carried;
  if (key === undefined || carried.length !== 1) return null;
  const spans = member(json, choice, "delta");
  if (spans === null) return null;
  if (textKeys.has(key)) {
    const span = findSpan(spans, key);
    return span === undefined ? null : stringHole(json, span, "content");
  }
  if (key !== "tool_calls" || !onlyArguments(delta)) return null;
  const definition = member(json, firstElement(json, findSpan(spans, key)), "function");
  const span = definition === null ? undefined : findSpan(definition, "arguments");
  return span === undefined ? null : stringHole(json, span, "content");
};

/**
 * What differs between a chunk and the next like it: its text, and padding. `json` is the chunk as byte
 * text. `null` if it is not a plain content event of one choice.
 */
export const chatContentHoles = (json: string, chunk: JsonRecord): readonly Hole[] | null => {
  const choices = asArray(chunk["choices"]);
  const delta = asRecord(asRecord(choices[0])?.["delta"]);
  if (choices.length !== 1 || delta === null) return null;
  const top = scanObjectAt(json, 0);
  const choice = top === null ? null : firstElement(json, findSpan(top, "choices"));
  if (top === null || choice === null) return null;
  const content = contentHole(json, choice, delta);
  if (content === null) return null;
  const padding = findSpan(top, "obfuscation");
  const padded = padding === undefined ? null : stringHole(json, padding, "string");
  return padded === null ? [content] : [content, padded];
};
