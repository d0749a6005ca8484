import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLab } from "../failover/lab.ts";
import type { Asked } from "./client.ts";
import { bundle } from "./esbuild.ts";
import type { Runtime } from "./runtimes.ts";
import { askWorkerd, bundledConfig } from "./workerd.ts";

type Place = { readonly folder: string; readonly signal: AbortSignal };

/** Writes questions to one gateway by the installed client, as a script and as a Worker. */
const writeClient = async (url: string, { folder, signal }: Place): Promise<void> => {
  const args = ["--external:@pointsman/sdk"];
  const client = await bundle({ script: "client.ts", cwd: import.meta.dirname, args, signal });
  const ask = `askGateway("${url}", "pk-lab")`;
  const head = 'import { askGateway } from "./client.js";\n';
  await writeFile(join(folder, "client.js"), client);
  await writeFile(join(folder, "ask.js"), `${head}console.log(JSON.stringify(await ${ask}));\n`);
  await writeFile(
    join(folder, "ask-worker-source.js"),
    `${head}export default { fetch: async () => Response.json(await ${ask}) };\n`,
  );
  const worker = await bundle({ script: "ask-worker-source.js", cwd: folder, args: [], signal });
  await writeFile(join(folder, "ask-worker.js"), worker);
};

/** Lets the client of a runtime ask a gateway that runs here; resolves to what it was told. */
export const askFrom = async (runtime: Runtime, place: Place): Promise<Asked> => {
  const lab = await startLab(["chat"]);
  try {
    await writeClient(lab.url, place);
    const { binary } = runtime;
    const printed =
      runtime.name === "workerd"
        ? (
            await askWorkerd({
              ...place,
              binary,
              config: bundledConfig("ask-worker.js"),
              path: "/",
            })
          ).text
        : await runtime.run({ ...place, script: "ask.js" });
    // Printed by `client.ts`; what is not so is found by comparing.
    return JSON.parse(printed) as Asked;
  } finally {
    await lab.close();
  }
};
