import { nearestKey } from "@pointsman/translate";
import type { z } from "zod";
import type { ConfigPath } from "./config-path.ts";
import { secretKeys } from "./describe-found.ts";
import { knownKeysOf } from "./schema-parts.ts";

/** What a schema says against a value, one entry for each thing that is wrong. */
export type SchemaFault = {
  readonly path: ConfigPath;
  readonly expected: string;
  /**
   * The fault is of the value at `path`, of what it lacks, of a key that leads there and should
   * not, or of the form of a name that does.
   */
  readonly about: "value" | "content" | "key" | "name";
  readonly suggestion: string | null;
  /** Whether the fault is of an unknown key in a map that has a secret among its known ones. */
  readonly besideSecret?: boolean;
};

type Issue = z.core.$ZodIssue;

// Symbols cannot be keys in a file.
const toConfigPath = (path: readonly PropertyKey[]): ConfigPath =>
  path.map((segment) => (typeof segment === "symbol" ? String(segment) : segment));

/** The branch whose shape the value has, if there is one: it objects to parts, not to the whole. */
const meantBranch = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find(
    (issues) =>
      issues.length > 0 &&
      issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
  );

const faultsOf = (issue: Issue, base: ConfigPath): readonly SchemaFault[] => {
  const path = [...base, ...toConfigPath(issue.path)];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeysOf(issue.message);
    return issue.keys.map((key) => ({
      path: [...path, key],
      expected: issue.message,
      about: "key" as const,
      suggestion: nearestKey(key, known),
      besideSecret: known.some((name) => secretKeys.has(name)),
    }));
  }
  if (issue.code === "invalid_union") {
    const meant = meantBranch(issue.errors);
    if (meant) return meant.flatMap((inner) => faultsOf(inner, path));
  }
  if (issue.code === "invalid_key") {
    const expected = issue.issues[0]?.message ?? issue.message;
    return [{ path, expected, about: "name", suggestion: null }];
  }
  const ofWhole = issue.code === "custom" || issue.code === "too_small";
  const about = ofWhole && typeof issue.input === "object" ? "content" : "value";
  const known = issue.code === "invalid_value" ? issue.values.map(String) : [];
  const suggestion = typeof issue.input === "string" ? nearestKey(issue.input, known) : null;
  return [{ path, expected: issue.message, about, suggestion }];
};

/** @param issues of a parse with `reportInput` */
export const schemaFaults = (issues: readonly Issue[]): readonly SchemaFault[] =>
  issues.flatMap((issue) => faultsOf(issue, []));
