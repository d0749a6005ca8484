import { completeConfig } from "./complete-config.ts";
import type { Config } from "./config.ts";
import { formatPath, pathKey } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { configSchema } from "./config-schema.ts";
import { crossCheck } from "./cross-check.ts";
import { describeFound } from "./describe-found.ts";
import type { ConfigFault } from "./fault.ts";
import type { Environment } from "./interpolate.ts";
import { readTree } from "./read-tree.ts";
import type { ConfigTree, Place } from "./read-tree.ts";
import { schemaFaults } from "./schema-issues.ts";
import type { SchemaFault } from "./schema-issues.ts";

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config }
  | {
      readonly ok: false;
      /** At least one, in the file's order. */
      readonly faults: readonly ConfigFault[];
    };

/** Of a value that is missing: the key of the nearest value around it. */
const placeOf = (tree: ConfigTree, path: ConfigPath, atKey: boolean): Place => {
  const own = tree.places.get(pathKey(path));
  if (own) return atKey ? own.key : own.value;
  return path.length === 0 ? { line: 1, column: 1 } : placeOf(tree, path.slice(0, -1), true);
};

/** An unknown key that may be a piece of a secret, written without quotes and with a comma in it. */
const maybePiece = (tree: ConfigTree, fault: SchemaFault): boolean =>
  fault.besideSecret === true &&
  fault.suggestion === null &&
  tree.inBraces.has(pathKey(fault.path));

const valueAt = (root: unknown, path: ConfigPath): unknown => {
  let value = root;
  for (const segment of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(segment))?.[1];
  }
  return value;
};

/** What a fault found, where that is not the value itself. */
const foundBy = {
  key: "a key not known here",
  name: "another",
  content: "none",
  value: null,
} as const;

const byPlace = (a: ConfigFault, b: ConfigFault): number => a.line - b.line || a.column - b.column;

/** The same thing said twice by two checks of one value is one fault. */
const distinct = (faults: readonly ConfigFault[]): readonly ConfigFault[] => [
  ...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values(),
];

/**
 * Reads a configuration file: parses it, puts environment variables in, checks every value and how
 * they fit together, fills the defaults. All faults are told at once, except that a file that is no
 * YAML has only those of its syntax. Reads nothing but its arguments.
 */
export const loadConfig = (options: {
  /** Its name, for messages. */
  readonly file: string;
  readonly text: string;
  readonly env: Environment;
  /** What `state` is where the file names none. @default "memory:" */
  readonly defaultState?: string;
}): LoadedConfig => {
  const { file } = options;
  const tree = readTree(options);
  if (!tree.wellFormed) return { ok: false, faults: [...tree.faults].sort(byPlace) };

  const values = tree.value ?? {};
  const parsed = configSchema.safeParse(values, { reportInput: true });
  const found = (path: ConfigPath, expected: string): string =>
    describeFound({
      path,
      value: valueAt(values, path),
      source: tree.sources.get(pathKey(path)),
      expected,
    });
  const isRead = ({ path }: { readonly path: ConfigPath }): boolean =>
    !tree.unread.has(pathKey(path));
  const ofSchema = schemaFaults(parsed.error?.issues ?? [])
    .filter(isRead)
    .map((fault) => ({
      file,
      ...placeOf(tree, fault.path, fault.about === "key" || fault.about === "name"),
      path: formatPath(maybePiece(tree, fault) ? fault.path.slice(0, -1) : fault.path),
      expected: fault.expected,
      found: foundBy[fault.about] ?? found(fault.path, fault.expected),
      suggestion: fault.suggestion,
    }));
  const ofChecks = crossCheck(values)
    .filter(isRead)
    .map((clash) => ({
      file,
      ...placeOf(tree, clash.path, false),
      path: formatPath(clash.path),
      expected: clash.expected,
      found: clash.found ?? found(clash.path, clash.expected),
      suggestion: clash.suggestion,
    }));
  const faults = distinct([...tree.faults, ...ofSchema, ...ofChecks]);
  if (faults.length > 0) return { ok: false, faults: [...faults].sort(byPlace) };
  if (!parsed.success) throw new Error("A configuration failed its schema without a fault.");
  return { ok: true, config: completeConfig(parsed.data, options.defaultState) };
};
