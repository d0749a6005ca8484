import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeUtf8, writeUtf8 } from "./utf8.ts";

test("what is written into a target is the text's UTF-8, lone surrogates and all", () => {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }));
  const anyUnits = fc
    .array(fc.integer({ min: 0, max: 0xff_ff }))
    .map((units) => String.fromCharCode(...units));
  fc.assert(
    fc.property(fc.oneof(text, anyUnits), fc.nat(8), (written, before) => {
      const target = new Uint8Array(before + written.length * 3 + 1);
      const count = writeUtf8(written, target.subarray(before));
      expect(target.subarray(before, before + count)).toEqual(encodeUtf8(written));
    }),
  );
});
