import type { BenchOptions } from "./options.ts";
import { helpText, parseOptions } from "./options.ts";

const optionsOf = (args: readonly string[]): BenchOptions | null => {
  try {
    return parseOptions(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
};

const run = async (options: BenchOptions): Promise<void> => {
  // Loaded on demand: a broken package must not keep the other benchmarks from running.
  if (options.command === "gateway") {
    const { benchGateway } = await import("./gateway/bench-gateway.ts");
    await benchGateway(options);
  } else if (options.command === "core") {
    const { benchCore } = await import("./core/bench-core.ts");
    await benchCore(options);
  } else if (options.command === "failover") {
    const { benchFailover } = await import("./failover/bench-failover.ts");
    await benchFailover(options);
  } else if (options.command === "ledger") {
    const { benchLedger } = await import("./ledger/bench-ledger.ts");
    await benchLedger(options);
  } else if (options.command === "translate") {
    const { benchTranslate } = await import("./translate/bench-translate.ts");
    await benchTranslate(options);
  } else {
    process.stdout.write(helpText);
  }
};

const options = optionsOf(process.argv.slice(2));
if (options === null) process.exitCode = 2;
else await run(options);
