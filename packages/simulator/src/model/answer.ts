import { chooseTools } from "./choose-tools.ts";
import { keyWords } from "./key-words.ts";
import type { ModelAnswer, ModelMessage, ModelRequest, ReasoningEffort } from "./model-request.ts";
import { askedLength, prose } from "./prose.ts";
import { makeInstance } from "./schema/make-instance.ts";
import { seededRandom } from "./seeded-random.ts";

/** Tokens of reasoning by effort: enough to see the order, small enough to wait for. */
const reasoningTokens: Readonly<Record<ReasoningEffort, number>> = {
  minimal: 8,
  low: 20,
  medium: 40,
  high: 80,
  xhigh: 120,
  max: 160,
};

const repeatMark = /repeat exactly:(?:\r\n|[ \n])?/i;

/** What follows `Repeat exactly:` and one blank or line break; `null` if nothing is to be repeated. */
const toRepeat = (text: string): string | null => {
  const mark = repeatMark.exec(text);
  return mark === null ? null : text.slice(mark.index + mark[0].length);
};

const clip = (text: string): string => {
  const signs = Array.from(text.slice(0, 600));
  return signs.length > 200 || text.length > 600 ? `${signs.slice(0, 200).join("")}…` : text;
};

const aboutResults = (results: readonly ModelMessage[]): string =>
  results
    .map(({ toolName, text }) => `The result of ${toolName ?? "the tool"} is: ${clip(text)}`)
    .join("\n");

const aboutImages = (images: number): string => {
  if (images === 0) return "";
  return images === 1
    ? "I can see an image in your message. "
    : `I can see ${images} images, each of them an image in your message. `;
};

/** Tool results since the last message of another kind. */
const latestResults = (messages: readonly ModelMessage[]): readonly ModelMessage[] =>
  messages.slice(messages.findLastIndex((message) => message.role !== "tool") + 1);

/**
 * What a simulated model says: a pure function of the request, the world's seed and the number of
 * the choice; every provider of a world gives the same answer. A conversation that ends with the
 * assistant's own words is gone on with, if they are how this answer begins.
 */
export const answer = (request: ModelRequest, worldSeed: number, choice: number): ModelAnswer => {
  const last = request.messages.at(-1);
  if (last?.role === "assistant") {
    const whole = answer(
      { ...request, messages: request.messages.slice(0, -1) },
      worldSeed,
      choice,
    );
    return whole.content.startsWith(last.text)
      ? { ...whole, content: whole.content.slice(last.text.length) }
      : whole;
  }
  const user = request.messages.findLast((message) => message.role === "user");
  const text = user?.text ?? last?.text ?? "";
  const words = keyWords(text);
  const seed = `${worldSeed}:${request.seed ?? ""}:${choice}:${request.messages
    .map((message) => `${message.role}:${message.text}`)
    .join("\n")}`;
  const random = seededRandom(seed);
  const effort = request.reasoningEffort;
  const reasoning =
    effort === null
      ? ""
      : `The user wants me to think about this. ${prose({
          words,
          random: seededRandom(`reasoning:${seed}`),
          length: { count: reasoningTokens[effort], unit: "tokens" },
        })}`;

  const toolCalls = chooseTools(request).map((tool) => ({
    name: tool.name,
    argumentsJson: JSON.stringify(
      makeInstance({ schema: tool.parameters, seed: `${tool.name}:${seed}`, words }),
    ),
  }));
  if (toolCalls.length > 0) return { reasoning, content: "", toolCalls };
  return { reasoning, content: say(), toolCalls };

  function say(): string {
    const { format, messages } = request;
    const length = askedLength(text);
    if (format.kind === "json_schema") {
      return JSON.stringify(makeInstance({ schema: format.schema, seed, words }));
    }
    const results = latestResults(messages);
    if (format.kind === "json_object") {
      const about = results.length > 0 ? { results: results.map((result) => result.text) } : {};
      return JSON.stringify({ answer: prose({ words, random, length }), topics: words, ...about });
    }
    if (results.length > 0) {
      return `${aboutResults(results)}\n${prose({ words, random, length })}`;
    }
    return toRepeat(text) ?? `${aboutImages(user?.images ?? 0)}${prose({ words, random, length })}`;
  }
};
