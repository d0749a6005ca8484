import { describe, expect, test } from "vitest";
import { defaultConfig } from "./complete-config.ts";
import { formatFault } from "./fault.ts";
import { loadConfig } from "./load-config.ts";

const env = { POINTSMAN_API_KEY: "pk-1", OPENAI_API_KEY: "sk-1", EMPTY: "" };
const load = (text: string) => loadConfig({ file: "f.yaml", text, env });

const loaded = (text: string) => {
  const result = load(text);
  if (!result.ok) throw new Error(result.faults.map(formatFault).join("\n"));
  return result;
};

const faults = (text: string) => {
  const result = load(text);
  return result.ok ? [] : result.faults.map(formatFault);
};

const providerDefaults = {
  preset: null,
  baseUrl: null,
  region: null,
  apiKeys: [],
  dataPolicy: "none",
  limits: { rpm: null, tpm: null, concurrency: null },
  timeouts: {
    connectMs: 5000,
    firstContentMs: 120_000,
    silenceMs: 120_000,
    answerMs: 600_000,
    totalMs: 1_800_000,
  },
  health: { openAfter: 5, restMs: 10_000 },
  models: {},
};

const workspaceDefaults = {
  id: "default",
  name: "Default",
  routing: {},
  budgets: [],
  byokMonthlyCapUsd: null,
  rescue: "auto",
  buffer: 0,
  hedge: "off",
  slo: { ttftMs: 2500, ttftMsPer1kIn: 120 },
  valueOfTimeUsdPerSecond: null,
};

describe("defaults", () => {
  test("without a file", () => {
    expect(defaultConfig()).toEqual({
      server: { host: "127.0.0.1", port: 8787, publicUrl: null },
      state: { hot: "memory:", record: "memory:" },
      workspaces: [workspaceDefaults],
      keys: [],
      aliases: {},
      retry: { budgetShare: 0.1, burst: 10 },
      exploration: 0.02,
      excludeQuantizations: [],
      explain: true,
      storeOutage: "refuse",
      providers: {},
    });
  });

  test("a file with nothing but providers has the same", () => {
    expect(loaded("providers: {}")).toEqual({ ok: true, config: defaultConfig() });
  });

  test("a key with nothing behind it is absent", () => {
    const names = ["server", "state", "workspaces", "keys", "aliases", "retry", "exploration"];
    const text = [...names.map((name) => `${name}:`), "providers: {}"].join("\n");
    expect(loaded(text).config).toEqual(defaultConfig());
  });

  test("in a workspace, a key, a provider and a model", () => {
    const text = `
workspaces: [ { id: acme } ]
keys: [ { key: k } ]
providers:
  anthropic:
  mine: { models: { m: , n: { price: { input: 1, output: 2 } } } }
`;
    const { config } = loaded(text);
    expect(config.workspaces).toEqual([{ ...workspaceDefaults, id: "acme", name: "Acme" }]);
    expect(config.keys).toEqual([
      {
        key: "k",
        name: "key 1",
        workspace: "acme",
        scopes: ["inference"],
        rateLimitRpm: null,
        expiresAt: null,
        models: [],
        providers: [],
        budgets: [],
      },
    ]);
    const model = {
      id: null,
      price: null,
      contextWindow: null,
      maxOutputTokens: null,
      endpoints: null,
      capabilities: {},
    };
    const noCache = { cacheRead: null, cacheWrite: null, cacheWrite1h: null };
    expect(config.providers).toEqual({
      anthropic: { ...providerDefaults, kind: "anthropic" },
      mine: {
        ...providerDefaults,
        kind: "openai-compatible",
        models: {
          m: model,
          n: { ...model, price: { input: 1, output: 2, ...noCache, tiers: [] } },
        },
      },
    });
  });

  test("a public URL ends without a slash", () => {
    const file = "server: { publicUrl: https://llm.example/ }\nproviders: {}";
    expect(loaded(file).config.server.publicUrl).toBe("https://llm.example");
  });
});

const places =
  '"memory:", "sqlite:<file>", "redis://…" or "postgres://…", or a map with hot and record';

test.each([
  ["memory", "memory:", "memory:"],
  ["sqlite:./a.db", "sqlite:./a.db", "sqlite:./a.db"],
  ["redis://h:6379/1", "redis://h:6379/1", "redis://h:6379/1"],
  ["{ hot: redis://h, record: 'postgres://u:p@h/db' }", "redis://h", "postgres://u:p@h/db"],
])("state: %s", (text, hot, record) => {
  expect(loaded(`providers: {}\nstate: ${text}`).config.state).toEqual({ hot, record });
});

test("state that no file names is the caller's to choose", () => {
  const file = { file: "f.yaml", text: "providers: {}", env: {} };
  const read = loadConfig({ ...file, defaultState: "sqlite:./p.db" });
  expect(read).toMatchObject({ config: { state: { hot: "sqlite:./p.db" } } });
});

test("a whole file", () => {
  const { config } = loaded(`
server: { host: 0.0.0.0, port: 9000, publicUrl: https://llm.example }
state: "memory:"
workspaces:
  - id: default
    routing: { optimize: ttft, weights: { cost: 1, ttft: null }, only_byok: null }
    hedge: { budgetShare: 0.05 }
    buffer: whole
    budgets: [ { period: daily, limitUsd: 5 } ]
  - { id: b, hedge: {}, valueOfTimeUsdPerSecond: 0.001 }
keys:
  - { key: "\${POINTSMAN_API_KEY}", workspace: b, expiresAt: 2027-01-31T00:00:00+01:00 }
aliases: { latest: stable, stable: gpt-4o }
providers:
  openai:
    baseUrl: https://api.openai.com/v1/
    apiKey: \${OPENAI_API_KEY}
    models:
      gpt-4o: { endpoints: [responses], capabilities: { tools: true, vision: false, logprobs: null } }
  groq: { apiKeys: [a, "b-\${OPENAI_API_KEY}"], preset: groq }
`);
  expect(config.workspaces[0]).toMatchObject({
    routing: { optimize: "ttft", weights: { cost: 1 } },
    hedge: { budgetShare: 0.05 },
    buffer: "whole",
    budgets: [{ period: "daily", limitUsd: 5, enforce: true, includeByok: false }],
  });
  expect(config.workspaces[0]?.routing).toEqual({ optimize: "ttft", weights: { cost: 1 } });
  expect(config.workspaces[1]).toMatchObject({ hedge: { budgetShare: 0.02 } });
  expect(config.keys[0]).toMatchObject({ key: "pk-1", workspace: "b" });
  expect(config.aliases).toEqual({ latest: "gpt-4o", stable: "gpt-4o" });
  expect(config.providers["openai"]).toMatchObject({
    kind: "openai",
    baseUrl: "https://api.openai.com/v1",
    apiKeys: ["sk-1"],
    models: {
      "gpt-4o": { endpoints: ["responses"], capabilities: { tools: true, vision: false } },
    },
  });
  expect(config.providers["openai"]?.models["gpt-4o"]?.capabilities).not.toHaveProperty("logprobs");
  expect(config.providers["groq"]).toMatchObject({ preset: "groq", apiKeys: ["a", "b-sk-1"] });
});

describe("faults", () => {
  const p = "providers: {}\n";
  const model = (entry: string) => `providers:\n  openai:\n    models:\n      gpt-4o: ${entry}\n`;
  const at = "providers.openai.models.gpt-4o";
  const usd = "USD per million tokens, at most 1000000 and with at most 6 decimals";

  test.each([
    ["", "1:1 providers: expected a map, found nothing"],
    ["providers:", "1:1 providers: expected a map, found null"],
    ["- a", "1:1: expected a map, found a list"],
    ["providers: [a]", "1:12 providers: expected a map, found a list"],
    [
      `${p}server:\n  prot: 1`,
      "3:3 server.prot: expected one of host, port, publicUrl, found a key not known here; did you mean port?",
    ],
    [
      `${p}server: { port: "\${OPENAI_API_KEY}" }`,
      '2:17 server.port: expected a whole number from 0 to 65535, found "${OPENAI_API_KEY}"',
    ],
    [
      `${p}server: { port: 1.5 }`,
      "2:17 server.port: expected a whole number from 0 to 65535, found 1.5",
    ],
    [`${p}server: { host: 1 }`, "2:17 server.host: expected a host name or IP address, found 1"],
    [
      `${p}server: { host: "http://x" }`,
      '2:17 server.host: expected a host name or IP address, found "http://x"',
    ],
    [
      `${p}server: { host: "\${EMPTY}" }`,
      '2:17 server.host: expected a host name or IP address, found "${EMPTY}"',
    ],
    [`${p}exploration: 2`, "2:14 exploration: expected a share from 0 to 1, found 2"],
    [`${p}exploration: .nan`, "2:14 exploration: expected a share from 0 to 1, found NaN"],
    [`${p}state:\n  hot: redis://h`, `2:1 state.record: expected ${places}, found nothing`],
    [`${p}state: disk`, `2:8 state: expected ${places}, found "disk"`],
    [`${p}workspaces: []`, "2:13 workspaces: expected at least one workspace, found none"],
    [
      `${p}workspaces: [ { rescue: of } ]`,
      '2:25 workspaces[0].rescue: expected one of auto, off, found "of"; did you mean off?',
    ],
    [
      `${p}workspaces: [ { buffer: -1 } ]`,
      "2:25 workspaces[0].buffer: expected a whole number of at least 0, found -1",
    ],
    [
      `${p}workspaces: [ { hedge: on } ]`,
      '2:24 workspaces[0].hedge: expected "off", or a map with budgetShare, found "on"',
    ],
    [
      `${p}workspaces: [ { hedge: { budgetShare: 2 } } ]`,
      "2:39 workspaces[0].hedge.budgetShare: expected a share from 0 to 1, found 2",
    ],
    [
      `${p}workspaces: [ { hedge: { share: 0.1 } } ]`,
      "2:26 workspaces[0].hedge.share: expected one of budgetShare, found a key not known here",
    ],
    [
      `${p}workspaces: [ { budgets: [ { period: daily } ] } ]`,
      "2:28 workspaces[0].budgets[0].limitUsd: expected a number above 0, found nothing",
    ],
    [
      `${p}workspaces: [ { budgets: [ { period: daily, limitUsd: 1 }, { period: daily, limitUsd: 2 } ] } ]`,
      "2:70 workspaces[0].budgets[1].period: expected a period of its own, found the same as in workspaces[0].budgets[0]",
    ],
    [
      `${p}workspaces: [ { id: a }, { id: a } ]`,
      "2:32 workspaces[1].id: expected an id of its own, found the same as in workspaces[0]",
    ],
    [
      `${p}workspaces:\n  - { name: a }\n  - { name: b }`,
      "4:5 workspaces[1].id: expected an id of its own, found the same as in workspaces[0]",
    ],
    [
      `${p}workspaces: [ { routing: { max_fallback_attempts: 20 } } ]`,
      "2:51 workspaces[0].routing.max_fallback_attempts: expected a whole number from 1 to 19, found 20",
    ],
    [
      `${p}workspaces: [ { routing: { weights: { cost: 0 } } } ]`,
      "2:37 workspaces[0].routing.weights: expected at least one weight above 0, found none",
    ],
    [
      `${p}workspaces: [ { routing: { timeout_ms: 10, deadline_ms: 9 } } ]`,
      "2:57 workspaces[0].routing.deadline_ms: expected at least timeout_ms, 10, found 9",
    ],
    [
      `${p}workspaces: [ { routing: { only_byok: true, only_platform: true } } ]`,
      "2:60 workspaces[0].routing.only_platform: expected at most one of only_byok and only_platform, found both true",
    ],
    [`${p}keys: [ { name: a } ]`, "2:9 keys[0].key: expected a text, found nothing"],
    [`${p}keys: [ { key: 123 } ]`, "2:16 keys[0].key: expected a text, found a number"],
    [
      `${p}keys:\n  - key: "\${UNSET}"`,
      "3:10 keys[0].key: expected the environment variable UNSET to be set, found it unset",
    ],
    [
      `${p}keys: [ { key: "\${EMPTY}" } ]`,
      "2:16 keys[0].key: expected a non-empty text, found an empty text",
    ],
    [
      `${p}keys: [ { key: k, workspace: defualt } ]`,
      '2:30 keys[0].workspace: expected the id of a workspace, found "defualt"; did you mean default?',
    ],
    [
      `${p}keys: [ { key: k }, { key: k } ]`,
      "2:28 keys[1].key: expected a key of its own, found the same as in keys[0]",
    ],
    [
      `${p}keys: [ { key: k, expiresAt: 2027-01-31 } ]`,
      '2:30 keys[0].expiresAt: expected a time like 2027-01-31T00:00:00Z, found "2027-01-31"',
    ],
    [`${p}aliases: { a: a }`, "2:15 aliases.a: expected aliases that end at a model, found a loop"],
    [
      `aliases: { gpt-4o: x }\n${model("{}")}`,
      "1:20 aliases.gpt-4o: expected an alias that is not a model's own id, found a model of this name",
    ],
    [
      "providers: { a/b: {} }",
      "1:14 providers.a/b: expected a name of letters, digits and . _ - that begins with a letter or digit, found another",
    ],
    [
      "providers: { a: { kind: opnai } }",
      '1:25 providers.a.kind: expected one of openai, anthropic, google, openai-compatible, found "opnai"; did you mean openai?',
    ],
    [
      "providers: { a: { baseUrl: foo } }",
      '1:28 providers.a.baseUrl: expected an http(s) URL, found "foo"',
    ],
    [
      "providers: { a: { baseUrl: ftp://foo } }",
      '1:28 providers.a.baseUrl: expected an http(s) URL, found "ftp://foo"',
    ],
    [
      "providers: { a: { baseUrl: https://u:secret@foo } }",
      '1:28 providers.a.baseUrl: expected an http(s) URL without user name, password, query or fragment, found "https://…@foo"',
    ],
    [
      "providers: { a: { apiKey: x, apiKeys: [y] } }",
      "1:39 providers.a.apiKeys: expected either apiKey or apiKeys, found both",
    ],
    [
      "providers: { openai: { preset: x } }",
      '1:32 providers.openai.preset: expected no preset unless kind is openai-compatible, found "x"',
    ],
    [
      "providers: { a: { kind: google, models: { m: { endpoints: [responses] } } } }",
      "1:59 providers.a.models.m.endpoints: expected no endpoints at kind google, which has one wire of its own, found a list",
    ],
    [
      "providers: { a: { timeouts: { totalMs: 2147483648 } } }",
      "1:40 providers.a.timeouts.totalMs: expected a whole number from 1 to 2147483647, found 2147483648",
    ],
    [
      model("{ endpoints: [] }"),
      `4:28 ${at}.endpoints: expected at least one endpoint, found none`,
    ],
    [
      model("{ price: { input: 1 } }"),
      `4:17 ${at}.price.output: expected a number of at least 0, found nothing`,
    ],
    [
      model("{ price: { input: 0.1234567, output: 1 } }"),
      `4:33 ${at}.price.input: expected ${usd}, found 0.1234567`,
    ],
    [
      model("{ price: { input: 1e-7, output: 1 } }"),
      `4:33 ${at}.price.input: expected ${usd}, found 1e-7`,
    ],
    [
      model(
        "{ price: { input: 1, output: 1, tiers: [ { above: 9, input: 1, output: 1 }, { above: 9, input: 1, output: 1 } ] } }",
      ),
      `4:100 ${at}.price.tiers[1].above: expected tiers in ascending order, above 9, found 9`,
    ],
    [
      model("{ capabilities: { visoin: true } }"),
      `4:33 ${at}.capabilities.visoin: expected one of streaming, tools, parallel_tool_calls, tool_choice_required, vision, audio_input, file_input, json_mode, structured_output, tools_with_structured_output, reasoning, reasoning_disable, prefill, prompt_caching, logprobs, web_search, found a key not known here; did you mean vision?`,
    ],
  ])("%j", (text, fault) => {
    expect(faults(text)).toEqual([`f.yaml:${fault}`]);
  });

  test("all of them at once, in the file's order, each once", () => {
    const text = `server: { port: x, port: 1 }
keys:
  - { key: same, workspace: nowhere }
  - { key: same, scopes: [inferenc] }
providers:
  openai: { apiKey: "\${UNSET}", kind: 1 }
`;
    expect(faults(text).map((fault) => fault.split(": ")[0])).toEqual([
      "f.yaml:1:17 server.port",
      "f.yaml:1:20 server.port",
      "f.yaml:3:29 keys[0].workspace",
      "f.yaml:4:12 keys[1].key",
      "f.yaml:4:27 keys[1].scopes[0]",
      "f.yaml:6:21 providers.openai.apiKey",
      "f.yaml:6:39 providers.openai.kind",
    ]);
  });

  test("pieces of a secret that was written without quotes are not named", () => {
    expect(faults("providers: { a: { apiKey: x,QZX, b } }").join()).toMatch(
      /f\.yaml:1:29 providers\.a: expected one of kind, .*, found a key not known here,f\.yaml:1:34 /,
    );
    expect(faults("providers: { a: { apiKey: x,QZX,QZX } }").join()).not.toContain("QZX");
    expect(faults("providers:\n  a:\n    timeout: 5").join()).toContain("providers.a.timeout:");
  });

  test("a file that is no YAML has the faults of its syntax only", () => {
    expect(faults("server: { port: x\nproviders: 1").length).toBeGreaterThan(0);
    expect(faults("server: { port: x\nproviders: 1").join()).not.toContain("server.port");
  });
});
