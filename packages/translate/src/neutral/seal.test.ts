import fc from "fast-check";
import { expect, it } from "vitest";
import type { Seal, SealPlace } from "./seal.ts";
import { readSeal, writeSeal } from "./seal.ts";

const maker = fc.oneof(
  fc.constantFrom("anthropic", "google", "openai"),
  fc.string({ minLength: 1, unit: "binary" }),
);
const place: fc.Arbitrary<SealPlace> = fc.oneof(
  fc.constantFrom<SealPlace>({ on: "reasoning" }, { on: "redacted" }, { on: "text" }),
  fc
    .tuple(fc.constantFrom("call", "reasoning"), fc.string({ minLength: 1, unit: "binary" }))
    .map(([on, id]): SealPlace => (on === "call" ? { on: "call", id } : { on: "reasoning", id })),
);
const seal: fc.Arbitrary<Seal> = fc.record({ maker, place, value: fc.string() });

it("comes back as it went out, whatever slot carried it", () => {
  fc.assert(
    fc.property(seal, maker, place, (sent, slotMaker, slotPlace) => {
      // A slot's own piece stands at the slot's own place.
      const isBare = sent.maker === slotMaker && sent.place.on === slotPlace.on;
      fc.pre(!isBare || (!("id" in sent.place) && !("id" in slotPlace)));
      const text = writeSeal(sent, { maker: slotMaker, on: slotPlace.on });
      expect(readSeal(text, { maker: slotMaker, place: slotPlace })).toEqual(sent);
    }),
  );
});

it("leaves the pieces of the slot's own maker bare", () => {
  const sent: Seal = { maker: "anthropic", value: "EqQB", place: { on: "reasoning" } };
  expect(writeSeal(sent, { maker: "anthropic", on: "reasoning" })).toBe("EqQB");
  expect(writeSeal(sent, { maker: "openai", on: "reasoning" })).toBe(
    "pm1.anthropic.reasoning.EqQB",
  );
});

it("takes a broken head for a piece of the slot's own maker", () => {
  for (const text of ["pm1.", "pm1.a", "pm1.a.b.c", "pm1.a.text"]) {
    const read = readSeal(text, { maker: "anthropic", place: { on: "reasoning" } });
    expect(read).toEqual({ maker: "anthropic", value: text, place: { on: "reasoning" } });
  }
});
