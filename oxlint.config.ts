import { defineConfig } from "oxlint";
import type { OxlintOverride } from "oxlint";
import { arrows } from "./arrows.ts";

const packages = [...Object.keys(arrows), "cli"];

/** What no pure package may touch: clocks, timers, randomness, I/O and the process. */
const impureGlobals = [
  "Date",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "fetch",
  "process",
  "crypto",
  "console",
  "XMLHttpRequest",
  "WebSocket",
  "navigator",
  "require",
  "globalThis",
  "Buffer",
];

type Pattern = {
  readonly group: string[];
  readonly message: string;
  readonly allowTypeImports: boolean;
};

/** One pattern that forbids everything but relative files and what the table names. */
const onlyTable = (name: string, allowed: readonly string[]): Pattern => ({
  group: ["*", "!./**", "!../**", ...allowed.flatMap((other) => [`!${other}`, `!${other}/**`])],
  message: `${name} may import only ${allowed.join(", ") || "its own files"} (arrows.ts).`,
  allowTypeImports: name !== "core",
});

/** Patterns that forbid the workspace packages the table does not name. */
const workspaceOnly = (name: string, allowed: readonly string[]): Pattern[] =>
  packages
    .filter((other) => other !== name && !allowed.includes(other))
    .map((other) => ({
      group: other === "cli" ? ["pointsman"] : [`@pointsman/${other}`, `@pointsman/${other}/*`],
      message: `${name} may not import ${other} at run time (arrows.ts).`,
      allowTypeImports: other === "core" && name !== "sdk",
    }));

const arrowOverrides = Object.entries(arrows).map(
  ([name, { workspace, external }]): OxlintOverride => {
    const own = workspace.map((other) => `@pointsman/${other}`);
    const patterns =
      external === "any"
        ? workspaceOnly(name, workspace)
        : [onlyTable(name, [...own, ...external])];
    return {
      files: [`packages/${name}/src/**/*.ts`],
      excludeFiles: [`packages/${name}/src/**/*.test.ts`],
      rules: {
        "no-restricted-imports": ["error", { patterns }],
      },
    };
  },
);

export default defineConfig({
  plugins: ["typescript", "unicorn", "oxc", "import", "promise", "node"],
  categories: { correctness: "error", suspicious: "error" },
  ignorePatterns: ["**/dist/**", "**/fixtures/**", "**/node_modules/**"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-non-null-assertion": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "import/no-default-export": "error",
    "import/no-unassigned-import": "off",
    "unicorn/no-array-sort": "off",
    "unicorn/consistent-function-scoping": "off",
    // The official client hangs its error classes on its default export.
    "import/no-named-as-default-member": "off",
    "typescript/switch-exhaustiveness-check": [
      "error",
      { considerDefaultExhaustiveForUnions: true },
    ],
    "no-shadow": "off",
    // noImplicitReturns of the compiler knows exhaustive switches.
    "typescript/consistent-return": "off",
    // A cast stands beside a comment that says why it holds.
    "typescript/no-unsafe-type-assertion": "off",
  },
  overrides: [
    // A Worker is its module's default export.
    {
      files: ["*.config.ts", "examples/cloudflare-worker/worker.ts"],
      rules: { "import/no-default-export": "off" },
    },
    ...arrowOverrides,
    {
      files: ["packages/core/src/**/*.ts", "packages/translate/src/**/*.ts"],
      excludeFiles: ["packages/*/src/**/*.test.ts"],
      rules: {
        "no-restricted-globals": ["error", ...impureGlobals],
        "no-restricted-properties": [
          "error",
          { object: "Math", property: "random", message: "Randomness comes in as a seed." },
        ],
      },
    },
  ],
});
