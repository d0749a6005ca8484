import type { Setup } from "../setup/setup.ts";

/** What is told once the gateway listens. */
export type ReadyFacts = {
  readonly url: string;
  /** A key that works: the made one, else `null`. */
  readonly key: string | null;
  readonly adminKey: string | null;
  readonly providers: readonly string[];
  readonly models: readonly string[];
  /** Where keys, money and usage are kept. */
  readonly state: string;
};

/** What is told of how it was set up. */
type Told = Pick<Setup, "source" | "file" | "keysNotYetUsed">;

/** Models worth showing in the example, best known first. */
const examples = ["gpt-4o-mini", "gpt-4o", "deepseek-chat", "grok-4.3"];

const listed = (names: readonly string[], most: number): string =>
  names.length <= most
    ? names.join(", ")
    : `${names.slice(0, most).join(", ")} … ${names.length} in all (GET /v1/models)`;

const sourceLine = ({ source, file }: Told): string => {
  switch (source) {
    case "file":
      return `configuration ${file}`;
    case "environment":
      return "provider keys found in the environment";
    case "simulated":
      return "SIMULATED WORLD: no provider key was found, so the providers below are imitations on this\n  machine. Answers are made up, nothing leaves it, nothing is charged; prices are real list prices\n  (but for invented_cloud, which does not exist). Set OPENAI_API_KEY, DEEPSEEK_API_KEY … for real ones.";
  }
};

/** The line `--json` prints. */
export const readyLine = (setup: Pick<Setup, "source">, facts: ReadyFacts): string =>
  JSON.stringify({
    type: "ready",
    url: facts.url,
    key: facts.key,
    admin_key: facts.adminKey,
    simulated: setup.source === "simulated",
    providers: facts.providers,
    models: facts.models,
  });

/** The block a person sees once. */
export const banner = (setup: Told, facts: ReadyFacts): string => {
  const model =
    examples.find((id) => facts.models.includes(id)) ?? facts.models[0] ?? "gpt-4o-mini";
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello." }] });
  const lines = [
    "Pointsman is ready",
    "",
    `  ${sourceLine(setup)}`,
    "",
    `  url        ${facts.url}`,
    `  key        ${facts.key ?? "one of the configuration's"}${facts.key === null ? "" : "   (made now, dead when this process ends)"}`,
    `  admin key  ${facts.adminKey ?? "POINTSMAN_ADMIN_KEY"}`,
    `  dashboard  ${facts.url.replace(/\/v1$/u, "/dashboard")}`,
    `  providers  ${listed(facts.providers, 14)}`,
    `  models     ${listed(facts.models, 12)}`,
    ...(setup.keysNotYetUsed.length > 0
      ? [
          `  not yet    ${setup.keysNotYetUsed.join(", ")}: found, but this version does not speak that wire`,
        ]
      : []),
    `  state      ${facts.state}`,
    "",
    "Try it:",
    "",
    `  curl -s ${facts.url}/chat/completions \\`,
    `    -H "Authorization: Bearer ${facts.key ?? "$POINTSMAN_API_KEY"}" \\`,
    '    -H "Content-Type: application/json" \\',
    `    -d '${body}'`,
    "",
  ];
  return `${lines.join("\n")}\n`;
};
