import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { GenaiPrices } from "./genai-prices.ts";
import type { ModelMap } from "./model-map.ts";
import type { ModelsDev } from "./models-dev.ts";
import type { Overrides } from "./overrides.ts";

export type Sources = {
  readonly modelsDev: ModelsDev;
  readonly genaiPrices: GenaiPrices;
  readonly modelMap: ModelMap;
  readonly overrides: Overrides;
  /** SHA-256 over the four files, hexadecimal. */
  readonly contentHash: string;
};

/** `../../data` stands beside both `src/` and `dist/`. */
const readData = (name: string): string =>
  readFileSync(new URL(`../../data/${name}`, import.meta.url), "utf8");

/**
 * Reads the data files that this package ships. They are not validated here: the tests parse the
 * same files with their zod schemas, and doing so again at every start would only cost time.
 *
 * @throws if a file is missing or no JSON
 */
export const readSources = (): Sources => {
  const modelsDev = readData("models-dev.json");
  const genaiPrices = readData("genai-prices.json");
  const modelMap = readData("models.json");
  const overrides = readData("overrides.json");
  const hash = createHash("sha256");
  for (const text of [modelsDev, genaiPrices, modelMap, overrides]) hash.update(text);
  return {
    modelsDev: JSON.parse(modelsDev),
    genaiPrices: JSON.parse(genaiPrices),
    modelMap: JSON.parse(modelMap),
    overrides: JSON.parse(overrides),
    contentHash: hash.digest("hex"),
  };
};
