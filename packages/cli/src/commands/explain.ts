import { readFileSync } from "node:fs";
import { createGateway } from "@pointsman/gateway";
import type { Explanation } from "@pointsman/core";
import { planRequest } from "@pointsman/engine";
import { createRawBody, readChatRequest } from "@pointsman/translate";
import { Command, InvalidArgumentError, Option } from "commander";
import pino from "pino";
import { explanationTable } from "../output/explanation-table.ts";
import { adapterFactories } from "../setup/adapter-factories.ts";
import { CliError, composing, reportingErrors } from "../setup/cli-error.ts";
import { resolveSetup } from "../setup/setup.ts";

type ExplainOptions = {
  readonly config?: string;
  readonly json?: true;
  readonly optimize?: string;
  readonly maxTokens?: number;
  readonly promptTokens?: number;
  readonly seed: number;
};

const strategies = ["cost", "cost-focus", "ttft", "ttft-focus", "tps", "tps-focus", "balanced"];

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("expected a whole number of at least 0.");
  }
  return value;
};

/** The decision for one prompt, from catalogue and configuration alone. */
const explainPrompt = async (
  model: string,
  prompt: string,
  options: ExplainOptions,
): Promise<Explanation> => {
  const { config, catalog } = await resolveSetup({
    file: options.config,
    env: process.env,
    startWorld: false,
  });
  const logger = pino({ level: "silent" });
  const gateway = composing(() => createGateway({ config, catalog, adapterFactories, logger }));
  try {
    const body = {
      model,
      messages: [{ role: "user", content: prompt }],
      ...(options.maxTokens === undefined ? {} : { max_tokens: options.maxTokens }),
      ...(options.optimize === undefined
        ? {}
        : { gateway: { routing: { optimize: options.optimize } } }),
    };
    const read = readChatRequest(createRawBody(Buffer.from(JSON.stringify(body))));
    if (!read.ok) throw new CliError(read.error.message);
    const [workspace] = gateway.book.list();
    if (workspace === undefined) throw new TypeError("a gateway has a workspace");
    const planned = planRequest({
      caller: read.caller,
      workspace: workspace.plan,
      directory: gateway.directory,
      credentials: gateway.engine.credentials,
    });
    if (!planned.ok) {
      const { message, suggestion } = planned.error;
      throw new CliError(suggestion === undefined ? message : `${message} ${suggestion}`);
    }
    const { routing } = planned.plan;
    return gateway.engine.explain(
      options.promptTokens === undefined
        ? routing
        : { ...routing, prompt: { ...routing.prompt, tokens: options.promptTokens } },
      options.seed,
    );
  } finally {
    await gateway.close();
  }
};

const run = async (model: string, prompt: string, options: ExplainOptions): Promise<void> => {
  const text = prompt === "-" ? readFileSync(0, "utf8") : prompt;
  const explanation = await explainPrompt(model, text, options);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(explanation, null, 2)}\n`
      : `${explanationTable(explanation)}\n`,
  );
  if (explanation.decision.failure !== null) process.exitCode = 1;
};

/** `pointsman explain MODEL PROMPT` */
export const explainCommand = (): Command =>
  new Command("explain")
    .description(
      "Show how a request would be routed, and why: every candidate with the terms of its score, every other offering with the reason it is none. Calls nobody; knows what catalogue and configuration say, not what a running gateway has learned.",
    )
    .argument("<model>", "model name, alias, or name:strategy")
    .argument("<prompt>", "the user's message; - reads it from standard input")
    .option("--config <file>", "configuration (default: ./pointsman.yaml if it exists)")
    .addOption(new Option("--optimize <strategy>", "strategy").choices(strategies))
    .option("--max-tokens <n>", "cap on output tokens", wholeNumber)
    .option("--prompt-tokens <n>", "pretend the prompt is this long", wholeNumber)
    .option("--seed <n>", "seed of the decision", wholeNumber, 1)
    .option("--json", "print the whole explanation as JSON")
    .action(reportingErrors(run));
