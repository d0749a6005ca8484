import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "./esbuild.ts";

const scripts = {
  "print.js": `import { decisions } from "./decisions.js";
console.log(JSON.stringify(decisions()));
`,
  "worker.js": `import { decisions } from "./decisions.js";
export default { fetch: () => Response.json(decisions()) };
`,
  "whole.js": `export * from "@pointsman/core";
`,
};

/**
 * Writes what the runtimes run into a folder, as plain JavaScript, since not all of them strip types:
 * `decisions.js`, which imports the installed core, printed by `print.js` and served by `worker.js`.
 */
export const writeProgram = async (folder: string, signal: AbortSignal): Promise<void> => {
  const args = ["--external:@pointsman/core"];
  const cwd = import.meta.dirname;
  const decisions = await bundle({ script: "decisions.ts", cwd, args, signal });
  await writeFile(join(folder, "decisions.js"), decisions);
  for (const [name, script] of Object.entries(scripts)) await writeFile(join(folder, name), script);
};
