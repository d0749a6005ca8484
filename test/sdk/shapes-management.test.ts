import { Client } from "@pointsman/sdk";
import { createMemoryStores } from "@pointsman/store";
import { afterEach, beforeEach, test } from "vitest";
import { startLab } from "../failover/lab.ts";
import type { Lab } from "../failover/lab.ts";
import { expectKeys } from "./expect-keys.ts";

const adminKey = "pk-admin-0123456789abcdefghijklmnopqrstuvwxyz";
let lab: Lab;
let client: Client;
beforeEach(async () => {
  lab = await startLab(["chat"], {
    stores: createMemoryStores(),
    secretKey: "operator-secret-0123456789abcdef",
    keys: [{ key: adminKey, scopes: ["admin"] }],
  });
  client = new Client({ apiKey: adminKey, baseUrl: lab.url });
});
afterEach(() => lab.close());

const page = {
  object: "always",
  data: "always",
  count: "always",
  has_more: "always",
  next_cursor: "always",
} as const;
const counts = {
  request_count: "always",
  error_count: "always",
  rate_limit_count: "always",
  tokens_input: "always",
  tokens_output: "always",
  tokens_total: "always",
  cost_usd: "always",
} as const;
test("management", async () => {
  const { workspaces } = client;
  const w = "default";
  const list = await workspaces.list();
  expectKeys(list, page);
  expectKeys(list.data[0], {
    id: "always",
    name: "always",
    slug: "always",
    tier: "always",
    user_role: "always",
    member_count: "always",
    can_use_paid_models: "always",
    created_at: "always",
  });
  const key = {
    id: "always",
    workspace_id: "always",
    name: "always",
    key_prefix: "always",
    scopes: "always",
    is_active: "always",
    created_at: "always",
    rate_limit_rpm: "always",
    expires_at: "always",
    last_used_at: "always",
    created_by_key_id: "always",
  } as const;
  const made = await workspaces.apiKeys.create(w, { name: "app" });
  expectKeys(made, { ...key, api_key: "always" });
  expectKeys(await workspaces.apiKeys.retrieve(w, made.id), key);
  expectKeys(await workspaces.apiKeys.usage(w, made.id), {
    ...counts,
    key_id: "always",
    workspace_id: "always",
    period: "always",
    start_date: "always",
    end_date: "always",
  });
  const sealed = { provider: "p0", api_key: "sk-own-0123456789abcdef" };
  const byok = await workspaces.byokKeys.create(w, sealed);
  expectKeys(byok, {
    id: "always",
    workspace_id: "always",
    provider: "always",
    name: "always",
    key_prefix: "always",
    is_default: "always",
    disabled: "always",
    validation_status: "always",
    account_tier: "always",
    tier_source: "always",
    last_validated_at: "always",
    created_at: "always",
    updated_at: "always",
    propagation_status: "maybe",
  });
  expectKeys(await workspaces.byokKeys.delete(w, byok.id), { id: "always", deleted: "always" });
  const scope = { scope_type: "api_key", scope_id: made.id } as const;
  const budget = await workspaces.budgets.create(w, { ...scope, period: "total", limit_usd: 1 });
  expectKeys(budget, {
    id: "always",
    workspace_id: "always",
    scope_type: "always",
    scope_id: "maybe",
    scope_provider: "maybe",
    period: "always",
    limit_usd: "always",
    enforce: "always",
    include_byok: "always",
    spend_usd: "always",
    reserved_usd: "always",
    percent_used: "always",
    period_start: "always",
    period_end: "always",
    created_at: "always",
    updated_at: "always",
  });
  expectKeys(await workspaces.routing.get(w), {
    object: "always",
    workspace_id: "always",
    routing: "always",
    updated_at: "always",
  });
  const balance = await workspaces.billing.balance(w);
  expectKeys(balance, {
    object: "always",
    balance_microdollars: "always",
    balance_cents: "always",
    balance_usd: "always",
    credits_purchased_microdollars: "always",
    credits_used_microdollars: "always",
    auto_reload: "always",
    tier: "always",
    payment_method: "always",
    platform_fee_rate: "always",
    lifetime_volume_usd: "always",
    byok_monthly_cap: "always",
    byok_monthly_remaining: "always",
  });
  expectKeys(balance.auto_reload, {
    enabled: "always",
    threshold_cents: "always",
    target_cents: "always",
  });
  await client.chat.completions.create({
    model: "lab",
    messages: [{ role: "user", content: "Which track?" }],
  });
  const usage = await workspaces.usage.list(w, { by: "provider", interval: "day" });
  expectKeys(usage, { object: "always", data: "always", count: "always" });
  expectKeys(usage.data[0], {
    ...counts,
    provider: "maybe",
    model: "maybe",
    key: "maybe",
    tag: "maybe",
    interval_start: "maybe",
  });
});
