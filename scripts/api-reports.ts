import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
} from "@microsoft/api-extractor";

/**
 * The public surface of every published package, one report an entry point, made of the declarations that the
 * build left in dist: `packages/*\/api/*.api.md`. With `--check` nothing is written, and a report that is not
 * as it should be fails.
 */
const root = join(import.meta.dirname, "..");
const isCheck = process.argv.includes("--check");
const scratch = join(tmpdir(), `pointsman-api-${process.pid}`);

type Entry = { readonly name: string; readonly declarations: string };

type Manifest = {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly types?: string }>>;
};

const quiet = { logLevel: ExtractorLogLevel.None };

const entriesOf = ({ exports = {} }: Manifest): readonly Entry[] =>
  Object.entries(exports).flatMap(([path, { types }]) =>
    types === undefined
      ? []
      : [{ name: path === "." ? "index" : basename(path), declarations: types }],
  );

/** The report of one entry point. */
const reportOf = (folder: string, manifest: Manifest, entry: Entry): string => {
  const reportFileName = `${entry.name}.api.md`;
  mkdirSync(scratch, { recursive: true });
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry.declarations),
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: "nodenext",
            target: "es2024",
            lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
            types: ["node"],
            skipLibCheck: true,
            strict: true,
          },
        },
      },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: scratch,
        reportTempFolder: join(scratch, "temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: { default: quiet },
        tsdocMessageReporting: { default: quiet },
      },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      // That the scratch folder had no report before is no news.
      if (message.category === ExtractorMessageCategory.Console) message.handled = true;
    },
  });
  if (!succeeded) throw new Error(`${manifest.name}: no report of ${entry.name}`);
  return readFileSync(join(scratch, reportFileName), "utf8");
};

const withoutUnionOrder = (line: string): string =>
  line.includes(" | ")
    ? line
        .split(/[\s|;]+/u)
        .sort()
        .join(" ")
    : line;

/**
 * A report without the order of its declarations, of the lines in each, and of the unions in those: the compiler
 * checks in parallel, and tells the members of an inferred union now in one order, now in another.
 */
const unordered = (report: string): string =>
  report
    .split("\n\n")
    .map((declaration) => declaration.split("\n").map(withoutUnionOrder).sort().join("\n"))
    .sort()
    .join("\n\n");

const isSame = (wanted: string | undefined, present: string | undefined): boolean =>
  wanted === undefined || present === undefined
    ? wanted === present
    : unordered(wanted) === unordered(present);

const stale: string[] = [];
try {
  for (const name of readdirSync(join(root, "packages")).sort()) {
    const folder = join(root, "packages", name);
    // Written by this project: it has this shape.
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const reports = join(folder, "api");
    const wanted = new Map(
      entriesOf(manifest).map((entry) => [
        `${entry.name}.api.md`,
        reportOf(folder, manifest, entry),
      ]),
    );
    const present = existsSync(reports) ? readdirSync(reports) : [];
    for (const file of new Set([...wanted.keys(), ...present])) {
      const path = join(reports, file);
      const text = wanted.get(file);
      if (isSame(text, present.includes(file) ? readFileSync(path, "utf8") : undefined)) continue;
      stale.push(`packages/${name}/api/${file}`);
      if (isCheck) continue;
      mkdirSync(reports, { recursive: true });
      if (text === undefined) rmSync(path);
      else writeFileSync(path, text);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

for (const path of stale)
  process.stdout.write(`${isCheck ? "not as built" : "written"}: ${path}\n`);
if (isCheck && stale.length > 0) {
  process.stdout.write("The public surface has changed: `npm run api` writes the reports anew.\n");
  process.exitCode = 1;
}
