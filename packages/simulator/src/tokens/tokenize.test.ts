import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countTokens, tokensOf } from "./tokenize.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("a", "Zürich", " ", "\n", "7", "漢", "か", "👩‍👩‍👧", "}", "\ud800", "́"),
  }),
);

test("tokens joined are the text", () => {
  fc.assert(fc.property(text, (value) => tokensOf(value).join("") === value));
});

test("a longer text never has fewer tokens, and no more than its parts", () => {
  fc.assert(
    fc.property(text, text, (first, second) => {
      const whole = countTokens(first + second);
      return whole >= countTokens(first) && whole <= countTokens(first) + countTokens(second);
    }),
  );
});

test("english prose comes to about four characters a token", () => {
  const prose =
    "The signalman looked at the timetable, pulled the lever and let the morning train pass. " +
    "Nobody on the platform noticed that it had taken another track than the day before.";
  const perToken = prose.length / countTokens(prose);
  expect(perToken).toBeGreaterThan(3.5);
  expect(perToken).toBeLessThan(5.5);
});
