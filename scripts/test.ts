import { runAll } from "./steps.ts";

/** `npm test`: everything that needs no outside service. */
const failed = await runAll([
  { name: "lint", command: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { name: "format", command: "oxfmt", args: ["--check", "."] },
  { name: "unused code", command: "knip", args: [] },
  { name: "types", command: "tsc", args: ["-b", "tsconfig.json"] },
  {
    name: "tests",
    command: "vitest",
    args: [
      "run",
      "--reporter=default",
      "--reporter=json",
      "--outputFile.json=node_modules/.cache/test-results.json",
    ],
  },
]);
if (failed.length > 0) {
  process.stdout.write(`\nFailed: ${failed.join(", ")}.\n`);
  process.exitCode = 1;
}
