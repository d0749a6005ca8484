import type { Random } from "../seeded-random.ts";
import { Unsatisfiable } from "./unsatisfiable.ts";

/** Printable ASCII: what classes and dots are filled from, letters and digits first. */
const alphabet = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).sort(
  (a, b) => Number(/\w/.test(b)) - Number(/\w/.test(a)),
);

/** Repetitions of an open quantifier beyond its least. */
const maximumExtra = 6;

/** Repetitions of all quantifiers together. */
const maximumRepetitions = 20_000;

type Node = (random: Random) => string;

/**
 * A string that a simple regular expression matches: literals, escapes, classes, groups,
 * alternatives, quantifiers and anchors. Look-around and back references are beyond it; the caller
 * checks the result.
 *
 * @throws Unsatisfiable for what it cannot read
 */
export const makeMatching = (pattern: string, random: Random): string => {
  const signs = Array.from(pattern);
  let at = 0;
  let repetitions = 0;
  const peek = (): string | undefined => signs[at];
  const take = (): string => {
    const sign = signs[at];
    if (sign === undefined) throw new Unsatisfiable("the pattern ends early");
    at += 1;
    return sign;
  };
  const skip = (sign: string): boolean => {
    if (peek() !== sign) return false;
    at += 1;
    return true;
  };

  const anyOf = (test: (sign: string) => boolean): Node => {
    const fitting = alphabet.filter(test);
    const plain = fitting.filter((sign) => /\w/.test(sign));
    const [first, ...rest] = plain.length > 0 ? plain : fitting;
    if (first === undefined) throw new Unsatisfiable("a class is empty");
    return (random) => random.pick([first, ...rest]);
  };

  /** An escape as the source of a one-character expression. */
  const escape = (): string => {
    const sign = take();
    if ((sign === "p" || sign === "P") && peek() === "{") {
      const end = signs.indexOf("}", at);
      const source = `\\${sign}${signs.slice(at, end + 1).join("")}`;
      at = end + 1;
      return source;
    }
    const digits = { x: 2, u: 4 }[sign];
    if (digits === undefined) {
      if (/[1-9kb]/i.test(sign)) throw new Unsatisfiable("the pattern refers back");
      return `\\${sign}`;
    }
    return `\\${sign}${Array.from({ length: digits }, take).join("")}`;
  };

  const single = (source: string): Node => {
    const expression = new RegExp(`^(?:${source})$`, "u");
    const literal = source.startsWith("\\u") || source.startsWith("\\x");
    if (literal) {
      const sign = String.fromCodePoint(Number.parseInt(source.slice(2), 16));
      return () => sign;
    }
    const control = { "\\n": "\n", "\\t": "\t", "\\r": "\r", "\\f": "\f", "\\v": "\v" }[source];
    return control === undefined ? anyOf((sign) => expression.test(sign)) : () => control;
  };

  const characterClass = (): Node => {
    let source = "[";
    if (skip("^")) source += "^";
    for (let sign = take(); sign !== "]"; sign = take()) {
      source += sign === "\\" ? (peek() === "b" ? `\\${take()}` : escape()) : sign;
    }
    const expression = new RegExp(`^${source}]$`, "u");
    return anyOf((sign) => expression.test(sign));
  };

  const atom = (): Node => {
    const sign = take();
    if (sign === "^" || sign === "$") return () => "";
    if (sign === ".") return anyOf((other) => /\w/.test(other));
    if (sign === "[") return characterClass();
    if (sign === "\\") return single(escape());
    if (sign !== "(") return () => sign;
    if (skip("?") && !skip(":")) {
      if (!skip("<") || peek() === "=" || peek() === "!") {
        throw new Unsatisfiable("the pattern looks around");
      }
      while (take() !== ">");
    }
    const inner = alternatives();
    if (!skip(")")) throw new Unsatisfiable("a group is not closed");
    return inner;
  };

  const quantified = (): Node => {
    const inner = atom();
    const rest = signs.slice(at).join("");
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(rest);
    if (found === null) return inner;
    at += found[0].length;
    const [, sign, least, comma, most] = found;
    const minimum = sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
    const maximum =
      sign === "?" ? 1 : sign === undefined && comma === undefined ? minimum : Number(most || NaN);
    return (random) => {
      const extra = Number.isNaN(maximum) ? maximumExtra : Math.min(maximum - minimum, 40);
      const count = minimum + random.below(extra + 1);
      repetitions += count;
      if (repetitions > maximumRepetitions) throw new Unsatisfiable("the text would be too long");
      return Array.from({ length: count }, () => inner(random)).join("");
    };
  };

  const alternatives = (): Node => {
    const branches: Node[][] = [[]];
    while (peek() !== undefined && peek() !== ")") {
      if (skip("|")) branches.push([]);
      else branches.at(-1)?.push(quantified());
    }
    return (random) => {
      const nodes = branches[random.below(branches.length)] ?? [];
      return nodes.map((node) => node(random)).join("");
    };
  };

  const whole = alternatives();
  if (peek() !== undefined) throw new Unsatisfiable("a group is closed twice");
  return whole(random);
};
