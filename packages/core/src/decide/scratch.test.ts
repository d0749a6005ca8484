import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as bits from "../constraints/bits.ts";
import { WAYS } from "../cache/prefix-index.ts";
import * as gaps from "../reuse/gap-bins.ts";
import * as columns from "../state/columns.ts";
import { LAST_RESORT } from "./choose-account.ts";
import * as lists from "./built-candidate.ts";
import * as scratch from "./scratch.ts";

const tables: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["WAYS", WAYS],
  ["LAST_RESORT", LAST_RESORT],
  ...Object.entries(lists),
  ...Object.entries(scratch),
  ...Object.entries(columns),
  ...Object.entries(gaps),
  ...Object.entries(bits),
]);

describe("places written out in the hot loops", () => {
  const root = new URL("../", import.meta.url);
  const files = ["cache", "decide", "strategy"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => `${folder}/${file}`),
  );
  const written = files.flatMap((file) =>
    Array.from(
      readFileSync(new URL(file, root), "utf8").matchAll(
        /^ {2}const ([A-Z][A-Z0-9_]*) = (-?\d+);$/gm,
      ),
      ([, name = "", value]) => ({ file, name, value: Number(value) }),
    ),
  );

  it.each(written)("$file: $name", ({ name, value }) => {
    expect(tables.get(name)).toBe(value);
  });

  it("there are some", () => {
    expect(written.length).toBeGreaterThan(50);
  });

  it("no two candidates or offerings share a place", () => {
    const places = Object.entries(columns).filter(([name]) =>
      /^OFFERING_(?!NUMBERS|BITS)/.test(name),
    );
    expect(Math.max(...places.map(([, place]) => Number(place)))).toBeLessThan(
      columns.OFFERING_NUMBERS,
    );
    const cells = Object.entries(scratch).filter(
      ([name]) => /^[A-Z]/.test(name) && !/^(DIRECTIVE_|SUM_|CELLS)/.test(name),
    );
    expect(new Set(cells.map(([, place]) => place)).size).toBe(cells.length);
    expect(Math.max(...cells.map(([, place]) => Number(place)))).toBeLessThan(scratch.CELLS);
  });
});
