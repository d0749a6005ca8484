import { nearestKey } from "@pointsman/translate";
import { aliasTarget } from "./aliases.ts";
import { kindByName } from "./complete-config.ts";
import { formatPath } from "./config-path.ts";
import type { ConfigPath } from "./config-path.ts";
import { entriesOf, fieldOf, itemsOf, textOf } from "./raw-value.ts";

/** A fault that more than one value takes part in, before its place in the file is known. */
export type Clash = {
  readonly path: ConfigPath;
  readonly expected: string;
  /** `null` = the value at `path`, as it stands. */
  readonly found: string | null;
  readonly suggestion: string | null;
};

const clash = (path: ConfigPath, expected: string, found: string | null): Clash => ({
  path,
  expected,
  found,
  suggestion: null,
});

/** Items of a list that say the same as an earlier one in a field. */
const repeats = (options: {
  readonly list: unknown;
  readonly path: ConfigPath;
  readonly field: string;
  /** What each item should have of its own. */
  readonly own: string;
  /** What an item without the field has. */
  readonly fallback?: string;
}): readonly Clash[] => {
  const { list, path, field, own, fallback } = options;
  const first = new Map<string, number>();
  return itemsOf(list).flatMap((item, index) => {
    const value = textOf(fieldOf(item, field) ?? fallback);
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, index);
      return [];
    }
    const found = `the same as in ${formatPath([...path, earlier])}`;
    return [clash([...path, index, field], `${own} of its own`, found)];
  });
};

const checkWorkspaces = (root: unknown): readonly Clash[] => {
  const workspaces = fieldOf(root, "workspaces");
  const path = ["workspaces"];
  return [
    ...repeats({ list: workspaces, path, field: "id", own: "an id", fallback: "default" }),
    ...itemsOf(workspaces).flatMap((workspace, index) => {
      const at = [...path, index];
      const routing = fieldOf(workspace, "routing");
      const deadline = fieldOf(routing, "deadline_ms");
      const timeout = fieldOf(routing, "timeout_ms");
      const clashes = [
        ...repeats({
          list: fieldOf(workspace, "budgets"),
          path: [...at, "budgets"],
          field: "period",
          own: "a period",
        }),
      ];
      if (typeof deadline === "number" && typeof timeout === "number" && deadline < timeout) {
        const expected = `at least timeout_ms, ${timeout}`;
        clashes.push(clash([...at, "routing", "deadline_ms"], expected, null));
      }
      if (fieldOf(routing, "only_byok") === true && fieldOf(routing, "only_platform") === true) {
        const expected = "at most one of only_byok and only_platform";
        clashes.push(clash([...at, "routing", "only_platform"], expected, "both true"));
      }
      return clashes;
    }),
  ];
};

const checkKeys = (root: unknown): readonly Clash[] => {
  const keys = fieldOf(root, "keys");
  const workspaces = fieldOf(root, "workspaces");
  const ids =
    workspaces === undefined
      ? ["default"]
      : itemsOf(workspaces).map((workspace) => textOf(fieldOf(workspace, "id")) ?? "default");
  return [
    ...repeats({ list: keys, path: ["keys"], field: "key", own: "a key" }),
    ...itemsOf(keys).flatMap((key, index) => {
      const at = ["keys", index];
      const workspace = textOf(fieldOf(key, "workspace"));
      const clashes = [
        ...repeats({
          list: fieldOf(key, "budgets"),
          path: [...at, "budgets"],
          field: "period",
          own: "a period",
        }),
      ];
      if (workspace !== undefined && !ids.includes(workspace)) {
        clashes.push({
          path: [...at, "workspace"],
          expected: "the id of a workspace",
          found: null,
          suggestion: nearestKey(workspace, ids),
        });
      }
      return clashes;
    }),
  ];
};

const checkAliases = (root: unknown): readonly Clash[] => {
  const entries = entriesOf(fieldOf(root, "aliases"));
  const aliases = Object.fromEntries(entries);
  const models = new Set(
    entriesOf(fieldOf(root, "providers")).flatMap(([, provider]) =>
      entriesOf(fieldOf(provider, "models")).map(([model]) => model),
    ),
  );
  return entries.flatMap(([name, target]) => {
    const path = ["aliases", name];
    if (models.has(name)) {
      return [clash(path, "an alias that is not a model's own id", "a model of this name")];
    }
    // Targets that are no texts are the schema's to report.
    const loops = typeof target === "string" && aliasTarget(aliases, name) === null;
    return loops ? [clash(path, "aliases that end at a model", "a loop")] : [];
  });
};

const checkTiers = (price: unknown, path: ConfigPath): readonly Clash[] => {
  let last = 0;
  return itemsOf(fieldOf(price, "tiers")).flatMap((tier, index) => {
    const above = fieldOf(tier, "above");
    if (typeof above !== "number") return [];
    const ascends = above > last;
    last = Math.max(last, above);
    const at = [...path, "tiers", index, "above"];
    return ascends || index === 0
      ? []
      : [clash(at, `tiers in ascending order, above ${last}`, null)];
  });
};

const checkProviders = (root: unknown): readonly Clash[] =>
  entriesOf(fieldOf(root, "providers")).flatMap(([name, provider]) => {
    const at = ["providers", name];
    const kind = fieldOf(provider, "kind") ?? kindByName(name);
    const clashes: Clash[] = [];
    if (fieldOf(provider, "preset") !== undefined && kind !== "openai-compatible") {
      clashes.push(clash([...at, "preset"], "no preset unless kind is openai-compatible", null));
    }
    if (fieldOf(provider, "apiKey") !== undefined && fieldOf(provider, "apiKeys") !== undefined) {
      clashes.push(clash([...at, "apiKeys"], "either apiKey or apiKeys", "both"));
    }
    for (const [model, entry] of entriesOf(fieldOf(provider, "models"))) {
      const modelPath = [...at, "models", model];
      const fixedWire = kind === "anthropic" || kind === "google";
      if (fixedWire && fieldOf(entry, "endpoints") !== undefined) {
        const expected = `no endpoints at kind ${kind}, which has one wire of its own`;
        clashes.push(clash([...modelPath, "endpoints"], expected, null));
      }
      clashes.push(...checkTiers(fieldOf(entry, "price"), [...modelPath, "price"]));
    }
    return clashes;
  });

/**
 * Checks what one value means for another. It reads values that may be of any shape, so that these
 * faults are told along with those of the schema.
 */
export const crossCheck = (root: unknown): readonly Clash[] => [
  ...checkWorkspaces(root),
  ...checkKeys(root),
  ...checkAliases(root),
  ...checkProviders(root),
];
