import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BarChart } from "./bar-chart.ts";
import { renderBarChart } from "./bar-chart.ts";

/** Writes `<name>.json` and `<name>.svg`; returns their paths. */
export const writeResults = async (
  outDir: string,
  name: string,
  { result, chart }: { readonly result: unknown; readonly chart: BarChart },
): Promise<readonly string[]> => {
  await mkdir(outDir, { recursive: true });
  const files = [
    [join(outDir, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`],
    [join(outDir, `${name}.svg`), renderBarChart(chart)],
  ] as const;
  await Promise.all(files.map(([path, text]) => writeFile(path, text)));
  return files.map(([path]) => path);
};
