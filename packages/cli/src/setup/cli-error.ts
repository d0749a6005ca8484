import { AdapterOptionsError } from "@pointsman/provider";

/** Something the person at the command line can mend; shown without a stack. */
export class CliError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** Runs a command's action; what a person can mend becomes one message and an exit code. */
export const reportingErrors =
  <A extends unknown[]>(action: (...args: A) => Promise<void>) =>
  async (...args: A): Promise<void> => {
    try {
      await action(...args);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.exitCode;
    }
  };

/** Composes from a configuration; a provider that cannot be made is a fault of the file. */
export const composing = <T>(compose: () => T): T => {
  try {
    return compose();
  } catch (error) {
    if (!(error instanceof AdapterOptionsError)) throw error;
    throw new CliError(`providers.${error.provider}: ${error.message}.`, 2);
  }
};
