import { Command } from "commander";
import { explainCommand } from "./commands/explain.ts";
import { keysCommand } from "./commands/keys.ts";
import { pricesCommand } from "./commands/prices.ts";
import { replayCommand } from "./commands/replay.ts";
import { serveCommand } from "./commands/serve.ts";
import { usageCommand } from "./commands/usage.ts";
import { version } from "./version.ts";

/** The command line: `pointsman serve|explain|prices|replay|keys|usage`. */
export const createProgram = (): Command =>
  new Command("pointsman")
    .description("Routes every LLM request to its best provider.")
    .version(version)
    .showHelpAfterError("(run with --help for all options)")
    .addCommand(serveCommand())
    .addCommand(explainCommand())
    .addCommand(pricesCommand())
    .addCommand(replayCommand())
    .addCommand(keysCommand())
    .addCommand(usageCommand());
