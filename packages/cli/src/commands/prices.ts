import { describePrices, loadCatalog } from "@pointsman/catalog";
import type { PriceRow } from "@pointsman/catalog";
import { Command } from "commander";
import { table } from "../output/table.ts";
import { CliError, reportingErrors } from "../setup/cli-error.ts";

const rate = (usdPerMtok: number | null | undefined): string =>
  usdPerMtok === null || usdPerMtok === undefined ? "–" : String(usdPerMtok);

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

const noteOf = (row: PriceRow): string =>
  [
    ...(row.tier === "standard" ? [] : [`tier ${row.tier}`]),
    ...(row.quantization === null ? [] : [row.quantization]),
    ...row.windows.map(
      (w) =>
        `${clock(w.fromMinute)}–${clock(w.toMinute)} UTC: in ${w.rates.input}, out ${w.rates.output}`,
    ),
    ...(row.changesAtMs === null
      ? []
      : [`changes ${new Date(row.changesAtMs).toISOString().slice(0, 10)}`]),
    ...(row.shutdownAtMs === null
      ? []
      : [`shut down ${new Date(row.shutdownAtMs).toISOString().slice(0, 10)}`]),
    ...(row.enabled ? [] : ["no longer listed"]),
  ].join("; ");

const cells = (rates: PriceRow["rates"]): readonly string[] => [
  rate(rates?.input),
  rate(rates?.output),
  rate(rates?.cacheRead),
  rate(rates?.cacheWrite5m),
  rate(rates?.cacheWrite1h),
];

const priceTable = (rows: readonly PriceRow[]): string =>
  table(
    [
      { head: "provider" },
      { head: "model id" },
      { head: "input", numeric: true },
      { head: "output", numeric: true },
      { head: "cache read", numeric: true },
      { head: "write 5 min", numeric: true },
      { head: "write 1 h", numeric: true },
      { head: "source" },
      { head: "note" },
    ],
    rows.flatMap((row) => [
      [
        row.provider,
        row.providerModelId,
        ...cells(row.rates),
        row.source === null ? "–" : `${row.source} ${row.date ?? ""}`,
        noteOf(row),
      ],
      ...row.tiers.map((tier) => [
        "",
        `  above ${tier.abovePromptTokens} tokens`,
        ...cells(tier.rates),
        "",
        "",
      ]),
    ]),
  );

const run = async (name: string, options: { readonly json?: true }): Promise<void> => {
  const catalog = loadCatalog();
  const model = catalog.resolve(name);
  if (model === null) {
    const nearest = catalog.suggest(name, 3);
    throw new CliError(
      `The catalogue has no model '${name}'.${nearest.length === 0 ? "" : ` Did you mean ${nearest.join(", ")}?`}`,
    );
  }
  const prices = describePrices(model, Date.now());
  const text = options.json
    ? JSON.stringify({ model: model.id, catalog_version: catalog.version, prices }, null, 2)
    : `${model.id}, USD per million tokens, cheapest first\n\n${priceTable(prices)}`;
  await Promise.resolve(process.stdout.write(`${text}\n`));
};

/** `pointsman prices MODEL` */
export const pricesCommand = (): Command =>
  new Command("prices")
    .description("List what every provider in the catalogue asks for a model, with its source.")
    .argument("<model>", "model name or alias")
    .option("--json", "print JSON")
    .action(reportingErrors(run));
