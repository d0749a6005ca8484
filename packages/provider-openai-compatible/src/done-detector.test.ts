import * as fc from "fast-check";
import { test } from "vitest";
import { createDoneDetector } from "./done-detector.ts";

const detect = (text: string, cuts: readonly number[]): boolean => {
  const bytes = Buffer.from(text);
  const detector = createDoneDetector();
  let from = 0;
  let done = false;
  for (const cut of [
    ...cuts.map((at) => at % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    done = detector.push(bytes.subarray(from, cut));
    from = cut;
  }
  return done;
};

const cuts = fc.array(fc.nat(200), { maxLength: 12 });

test.each(["data: [DONE]\n\n", "data: {}\n\ndata: [DONE]\n\n", "data: {}\r\n\r\ndata:[DONE]"])(
  "%j is found wherever it is cut",
  (text) => {
    fc.assert(fc.property(cuts, (at) => detect(text, at)));
  },
);

test.each([
  String.raw`data: {"content":"\ndata: [DONE]"}` + "\n\n",
  "data: {}\n\n: data: [DONE]\n\n",
  "data: [DON",
  "",
])("%j holds none, wherever it is cut", (text) => {
  fc.assert(fc.property(cuts, (at) => !detect(text, at)));
});
