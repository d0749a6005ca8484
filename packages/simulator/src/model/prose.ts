import { countTokens, tokensOf } from "../tokens/tokenize.ts";
import type { Random } from "./seeded-random.ts";

/** How long an answer has to be, in the unit that was asked for. */
export type ProseLength = {
  readonly count: number;
  readonly unit: "words" | "tokens" | "sentences";
};

const openings: readonly [Sentence, ...Sentence[]] = [
  (a, b) => `You asked about ${a}, so let me start with ${b}.`,
  (a, b) => `The short answer is that ${a} depends on ${b}.`,
  (a) => `Here is what matters most about ${a}.`,
  (a, b) => `Let us look at ${a} and ${b} together.`,
];

type Sentence = (a: string, b: string) => string;

const bodies: readonly [Sentence, ...Sentence[]] = [
  (a, b) => `In practice, ${a} comes first and ${b} follows from it.`,
  (a) => `Most people find ${a} easier once they have tried a small example.`,
  (a, b) => `If ${a} changes, it is worth checking ${b} again.`,
  (a) => `A good first step is to write down what you already know about ${a}.`,
  (a, b) => `There is a clear link between ${a} and ${b}.`,
  (a) => `It helps to keep ${a} simple at the start.`,
  (a, b) => `Compare ${a} with ${b} before you decide.`,
  (a) => `Two things are easy to miss about ${a}: its cost and its timing.`,
  (a, b) => `When in doubt, put ${a} before ${b}.`,
  (a) => `You can test this by looking at ${a} for one day.`,
  (a, b) => `Some would say that ${b} matters more than ${a}, and there is a case for that.`,
  (a) => `Nothing about ${a} has to be perfect the first time.`,
];

const opens = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

const measure = (text: string, unit: ProseLength["unit"]): number => {
  if (unit === "sentences") return 1;
  return unit === "tokens" ? countTokens(text) : text.split(" ").length;
};

/** The first `count` words or tokens of a text. */
const cut = (text: string, { count, unit }: ProseLength): string => {
  if (unit === "sentences") return text;
  if (unit === "tokens") return tokensOf(text).slice(0, count).join("");
  return text.split(" ").slice(0, count).join(" ");
};

export type ProseOptions = {
  /** What it is about. */
  readonly words: readonly string[];
  readonly random: Random;
  /** `null` = 20 to 80 tokens, whole sentences. */
  readonly length: ProseLength | null;
};

/** Plain sentences about a few words: as many as are asked for, exactly. */
export const prose = ({ words, random, length }: ProseOptions): string => {
  const topics: readonly string[] = words.length > 0 ? words : ["your message"];
  const goal = length ?? { count: 20 + random.below(36), unit: "tokens" };
  const sentences: string[] = [];
  let reached = 0;
  let queue: readonly Sentence[] = [random.pick(openings)];
  let position = 0;
  while (reached < goal.count) {
    const [sentence, ...others] = queue;
    if (sentence === undefined) {
      queue = random.shuffled(bodies);
      continue;
    }
    queue = others;
    const first = topics[position % topics.length] ?? "it";
    const second = topics[(position + 1) % topics.length] ?? "it";
    const text = opens(sentence(first, second === first ? "the rest" : second));
    position += 1;
    const piece = sentences.length === 0 ? text : ` ${text}`;
    // A piece after the first brings its own blank, which is no word.
    reached += goal.unit === "words" ? measure(text, "words") : measure(piece, goal.unit);
    sentences.push(piece);
  }
  const text = sentences.join("");
  return length === null ? text : cut(text, length);
};

/** Longest answer that can be asked for, in its own unit. */
const maximumCount = 20_000;

/** The length a message asks for: "in 50 words", "about 300 tokens", "two …" is not read. */
export const askedLength = (text: string): ProseLength | null => {
  const found = /\b(\d{1,6})[ -](word|token|sentence)s?\b/i.exec(text);
  const [, count, unit] = found ?? [];
  if (count === undefined || unit === undefined || Number(count) === 0) return null;
  return {
    count: Math.min(Number(count), maximumCount),
    unit:
      unit.toLowerCase() === "word"
        ? "words"
        : unit.toLowerCase() === "token"
          ? "tokens"
          : "sentences",
  };
};
