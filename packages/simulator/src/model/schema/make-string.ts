import type { JsonObject } from "../json.ts";
import type { Random } from "../seeded-random.ts";
import { fits } from "./check-instance.ts";
import { makeFormatted } from "./make-formatted.ts";
import { makeMatching } from "./make-matching.ts";
import { Unsatisfiable } from "./unsatisfiable.ts";

const maximumTries = 60;
/** Longest string that is made, code points. */
const maximumLength = 100_000;

/** Cuts or repeats a text until it has between `least` and `most` code points. */
const fitLength = (text: string, least: number, most: number): string => {
  let signs = Array.from(text);
  while (signs.length < least) signs = [...signs, ...Array.from(signs.length === 0 ? "x" : text)];
  const end = Math.min(most, Math.max(least, Array.from(text).length));
  return signs.slice(0, end).join("");
};

/** A string for a schema: of its format, matching its pattern, else `word` at the right length. */
export const makeString = (schema: JsonObject, word: string, random: Random): string => {
  const least = typeof schema["minLength"] === "number" ? schema["minLength"] : 0;
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Infinity;
  if (least > maximumLength) throw new Unsatisfiable("the string would be too long");
  const { pattern, format } = schema;
  if (typeof pattern === "string") {
    for (let tries = 0; tries < maximumTries; tries += 1) {
      const made = makeMatching(pattern, random);
      if (fits(true, schema, made)) return made;
      const fitted = fitLength(made, least, most);
      if (fits(true, schema, fitted)) return fitted;
    }
    throw new Unsatisfiable("no string matched the pattern");
  }
  if (typeof format === "string") {
    for (let tries = 0; tries < maximumTries; tries += 1) {
      const made = makeFormatted(format, random);
      if (made === null) break;
      if (fits(true, schema, made)) return made;
    }
  }
  return fitLength(word, least, most);
};
