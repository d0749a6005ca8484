import { createMemoryStores } from "@pointsman/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { createClient } from "../manage/client.ts";
import type { Json, Reply } from "../manage/client.ts";
import { faultsOf, readDocument } from "./document.ts";
import type { ContractDocument, Described } from "./document.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
let contract: ContractDocument;
beforeAll(async () => {
  // `sqlite` as to what is recorded; the stores are given.
  lab = await startLab(["chat", "messages"], {
    stores: createMemoryStores(),
    state: "sqlite:given",
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
  contract = await readDocument(lab.url);
});
afterAll(() => lab.close());

const call = createClient(() => ({
  url: lab.url.replace(/\/v1$/u, ""),
  key: adminKey,
}));

const messages = [{ role: "user", content: "Which track?" }];
const chat = { model: "lab", messages };
const w = "/v1/workspaces/default";
const made: Record<string, string> = {};

type Row = {
  readonly id: string;
  readonly path?: () => string;
  readonly body?: () => Json;
  readonly after?: (reply: Reply) => void;
};
const keep =
  (name: string) =>
  ({ json }: Reply): void => {
    made[name] = String(json["id"]);
  };

/** Every endpoint, in an order in which each has what it needs. */
const rows: readonly Row[] = [
  { id: "createChatCompletion", body: () => chat },
  { id: "createResponse", body: () => ({ model: "lab", input: "Which track?" }) },
  { id: "createMessage", body: () => ({ ...chat, max_tokens: 50 }) },
  { id: "countTokens", body: () => chat },
  { id: "decideRoute", body: () => chat },
  { id: "explainRoute", body: () => chat },
  { id: "listModels" },
  { id: "retrieveModel", path: () => "/v1/models/lab" },
  { id: "me" },
  { id: "listProviders" },
  { id: "listRegistry" },
  { id: "listDirectory" },
  { id: "listByokProviders" },
  { id: "listByokTiers", path: () => "/v1/byok/providers/p0/tiers" },
  {
    id: "createWorkspace",
    body: () => ({ name: "Signal box", slug: "signals" }),
    after: keep("workspace"),
  },
  { id: "listWorkspaces" },
  { id: "retrieveWorkspace", path: () => `/v1/workspaces/${made["workspace"]}` },
  {
    id: "updateWorkspace",
    path: () => `/v1/workspaces/${made["workspace"]}`,
    body: () => ({ name: "Box" }),
  },
  { id: "createApiKey", body: () => ({ name: "app" }), after: keep("key") },
  { id: "listApiKeys" },
  { id: "retrieveApiKey", path: () => `${w}/api-keys/${made["key"]}` },
  {
    id: "updateApiKey",
    path: () => `${w}/api-keys/${made["key"]}`,
    body: () => ({ rate_limit_rpm: 5 }),
  },
  { id: "retrieveApiKeyUsage", path: () => `${w}/api-keys/${made["key"]}/usage` },
  { id: "deleteApiKey", path: () => `${w}/api-keys/${made["key"]}` },
  {
    id: "createByokKey",
    body: () => ({ provider: "p0", api_key: "sk-own-0123456789abcdef" }),
    after: keep("byok"),
  },
  { id: "listByokKeys" },
  { id: "retrieveByokKey", path: () => `${w}/byok-keys/${made["byok"]}` },
  {
    id: "updateByokKey",
    path: () => `${w}/byok-keys/${made["byok"]}`,
    body: () => ({ name: "Ours" }),
  },
  { id: "validateByokKey", path: () => `${w}/byok-keys/${made["byok"]}/validate` },
  { id: "deleteByokKey", path: () => `${w}/byok-keys/${made["byok"]}` },
  {
    id: "createBudget",
    body: () => ({ scope_type: "workspace", period: "weekly", limit_usd: 5 }),
    after: keep("budget"),
  },
  { id: "listBudgets" },
  { id: "retrieveBudget", path: () => `${w}/budgets/${made["budget"]}` },
  {
    id: "updateBudget",
    path: () => `${w}/budgets/${made["budget"]}`,
    body: () => ({ limit_usd: 6 }),
  },
  { id: "deleteBudget", path: () => `${w}/budgets/${made["budget"]}` },
  { id: "retrieveRouting" },
  { id: "replaceRouting", body: () => ({ routing: { optimize: "balanced" } }) },
  { id: "updateRouting", body: () => ({ routing: { prefer: "p1" } }) },
  { id: "retrieveBalance" },
  { id: "addCredits", body: () => ({ amount_microdollars: 1_000_000 }) },
  { id: "listUsage", path: () => `${w}/usage?by=provider&interval=day&since=2026-11-01` },
  { id: "adminHealth" },
];

/** Endpoints whose answers are no JSON of a schema. */
const plain: Readonly<Record<string, { readonly path?: string; readonly media: string }>> = {
  adminLive: { media: "text/event-stream" },
  dashboard: { media: "text/html" },
  dashboardFile: { path: "/dashboard/main.js", media: "text/javascript" },
  errorPage: { path: "/docs/errors/model_not_found", media: "text/html" },
  healthz: { media: "application/json" },
  readyz: { media: "application/json" },
  metrics: { media: "text/plain" },
  openapi: { media: "application/json" },
};

const find = (id: string): Described => {
  const found = contract.operations.get(id);
  if (found === undefined) throw new RangeError(`the document has no ${id}`);
  return found;
};
const pathOf = ({ path }: Described): string => path.replace("{workspace}", "default");

test("the document has these endpoints and no others", () => {
  expect([...contract.operations.keys()].sort()).toEqual(
    [...rows.map(({ id }) => id), ...Object.keys(plain)].sort(),
  );
});

test.each(rows)("$id answers as the document says", async ({ id, path, body, after }) => {
  const operation = find(id);
  const reply = await call(operation.method, path?.() ?? pathOf(operation), {
    body: body?.(),
  });
  expect(reply.status, reply.text).toBe(operation.status);
  if (operation.answer === null) throw new TypeError(`${id} has an answer`);
  expect(faultsOf(operation.answer, reply.json), reply.text).toEqual([]);
  const requestId = reply.headers.get("x-request-id");
  expect(requestId).toMatch(/^req_\w+$/u);
  expect(reply.headers.get("request-id")).toBe(requestId);
  expect(reply.headers.get("content-type")).toBe("application/json; charset=utf-8");
  after?.(reply);
});

test.each(Object.entries(plain))("%s answers with its own type", async (id, { path, media }) => {
  const operation = find(id);
  const url = `${lab.url.replace(/\/v1$/u, "")}${path ?? operation.path}`;
  const controller = new AbortController();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${adminKey}` },
    signal: controller.signal,
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toContain(media);
  controller.abort();
});

describe("every endpoint", () => {
  const all = (): readonly Described[] => [...contract.operations.values()];

  test("wants a key where the document says so, and tells its lack in its own envelope", async () => {
    for (const operation of all()) {
      if (operation.isPublic) continue;
      const path = pathOf(operation).replace(/\{\w+\}/gu, "x");
      for (const key of ["", "unknown"]) {
        const reply = await call(operation.method, path, {
          key,
          ...(operation.method === "GET" ? {} : { body: {} }),
        });
        expect([operation.id, reply.status]).toEqual([operation.id, 401]);
        expect(faultsOf(operation.error, reply.json), reply.text).toEqual([]);
        expect(reply.headers.get("x-error-type")).toBe("authentication");
        expect(reply.headers.get("x-should-retry")).toBe("false");
        expect(reply.headers.get("x-error-retryable")).toBe("false");
      }
    }
  });

  test("wants the scope that its description names", async () => {
    for (const operation of all()) {
      const described = contract.json["paths"] as Readonly<Record<string, Json>>;
      const entry = described[operation.path]?.[operation.method.toLowerCase()] as Json;
      const scope = /Scope ([\w:]+)\./u.exec(String(entry["description"]))?.[1];
      if (scope === undefined || scope === "inference") continue;
      const path = pathOf(operation).replace(/\{\w+\}/gu, "x");
      const body = operation.method === "GET" ? {} : { body: {} };
      const reply = await call(operation.method, path, { key: "pk-lab", ...body });
      expect([operation.id, reply.status]).toEqual([operation.id, 403]);
      expect(reply.text).toContain("insufficient_permissions");
    }
  });

  test("refuses other methods with what is allowed", async () => {
    const paths = new Set(all().map(({ path }) => path));
    for (const path of paths) {
      const allowed = all()
        .filter((operation) => operation.path === path)
        .map(({ method }) => method);
      const other = ["DELETE", "PUT", "PATCH", "POST", "GET"].find((m) => !allowed.includes(m));
      const url = path.replace("{workspace}", "default").replace(/\{\w+\}/gu, "x");
      const reply = await call(other ?? "PUT", url, other === "GET" ? {} : { body: {} });
      expect([path, reply.status]).toEqual([path, 405]);
      expect(reply.headers.get("allow")?.split(", ").sort()).toEqual([...allowed].sort());
    }
  });

  test("that takes a body refuses what is no JSON object", async () => {
    const withBody = rows.filter(({ body }) => body !== undefined).map(({ id }) => find(id));
    for (const operation of withBody) {
      const path = pathOf(operation).replace(/\{\w+\}/gu, "x");
      for (const body of ["", "[]", "null", '"x"', "{", "\u0000"]) {
        const response = await fetch(`${lab.url.replace(/\/v1$/u, "")}${path}`, {
          method: operation.method,
          headers: { authorization: `Bearer ${adminKey}` },
          body,
        });
        const json: unknown = await response.json();
        // A management call counts its rate before it looks at the body.
        if (response.status === 429 || response.status === 404) continue;
        expect([operation.id, body, response.status]).toEqual([operation.id, body, 400]);
        expect(faultsOf(operation.error, json), JSON.stringify(json)).toEqual([]);
      }
    }
  });
});
