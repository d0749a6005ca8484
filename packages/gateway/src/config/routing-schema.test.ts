import { routingOptionsSchema } from "@pointsman/translate";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { routingSchema } from "./routing-schema.ts";

/** Values that some field takes and others refuse. */
const value = fc.oneof(
  fc.constantFrom("cost", "tps-focus", "p50", "p95", "pool", "fallback", "zdr", "none", "x"),
  fc.constantFrom(0, 1, 1.5, 19, 20, -1, 1e9),
  fc.boolean(),
  fc.constantFrom<unknown[]>([], ["a"], [1]),
  fc.constantFrom({ cost: 1 }, { cost: 0 }, { ttft: 1, throughput: 2 }, { price: 1 }),
);
const fields = Object.keys(routingOptionsSchema.shape);

it("a workspace's defaults take exactly what a request takes", () => {
  // The names are the same: a field that only one side had would be refused by the other.
  const some = fc.uniqueArray(fc.constantFrom(...fields, "optimise"), { maxLength: 4 });
  fc.assert(
    fc.property(some, fc.array(value, { minLength: 4, maxLength: 4 }), (names, values) => {
      const routing = Object.fromEntries(names.map((name, place) => [name, values[place]]));
      // Two rules of the file span fields and are checked elsewhere (`crossCheck`).
      const spans =
        (routing["only_byok"] === true && routing["only_platform"] === true) ||
        ("timeout_ms" in routing && "deadline_ms" in routing);
      if (spans) return;
      const inFile = routingSchema.safeParse(routing);
      const onWire = routingOptionsSchema.safeParse(routing);
      expect(inFile.success).toBe(onWire.success);
      if (inFile.success && onWire.success) expect(inFile.data).toEqual(onWire.data);
    }),
    { numRuns: 2000 },
  );
});
