import { budgetFunctions } from "./budget-functions.ts";
import { otherFunctions } from "./other-functions.ts";

/**
 * Steps from an empty schema to the present one; the table `version` says how many it has. Money is whole
 * pico-USD, times are Unix ms, what nobody asks for apart is JSON.
 */
export const migrations: readonly ((schema: string) => string)[] = [
  (s) => `
  CREATE TABLE ${s}.budgets (
    seq BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    budget_key TEXT NOT NULL,
    scope TEXT NOT NULL,
    -- NULL = the scope has no such choice
    include_byok BOOLEAN,
    -- what a spender is looked up by: whoever pays with a key of their own asks for the second form alone
    counts TEXT NOT NULL GENERATED ALWAYS AS (budget_key || CASE WHEN include_byok THEN '+byok' ELSE '' END) STORED,
    period TEXT NOT NULL,
    limit_pico_usd BIGINT NOT NULL CHECK (limit_pico_usd >= 0),
    enforce BOOLEAN NOT NULL,
    created_at_ms BIGINT NOT NULL,
    updated_at_ms BIGINT NOT NULL,
    UNIQUE (workspace_id, budget_key)
  );
  CREATE INDEX budgets_by_what_counts ON ${s}.budgets (workspace_id, counts);
  CREATE TABLE ${s}.windows (
    budget_seq BIGINT NOT NULL,
    start_ms BIGINT NOT NULL,
    spent_pico_usd BIGINT NOT NULL DEFAULT 0,
    held_pico_usd BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (budget_seq, start_ms)
  ) WITH (fillfactor = 50);
  CREATE TABLE ${s}.holds (
    seq BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open',
    pico_usd BIGINT NOT NULL,
    lease_ends_at_ms BIGINT NOT NULL,
    -- the windows it is held in, side by side
    budget_seqs BIGINT[] NOT NULL,
    starts_ms BIGINT[] NOT NULL,
    memo TEXT NOT NULL,
    -- the order in which holds were closed; NULL = open
    closed_seq BIGINT
  );
  CREATE SEQUENCE ${s}.closed_holds;
  CREATE INDEX open_holds ON ${s}.holds (lease_ends_at_ms) WHERE status = 'open';
  CREATE INDEX closed_holds_in_order ON ${s}.holds (closed_seq) WHERE closed_seq IS NOT NULL;
  CREATE TABLE ${s}.keys (
    seq BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    created_at_ms BIGINT NOT NULL,
    last_used_at_ms BIGINT,
    key JSONB NOT NULL
  );
  CREATE INDEX keys_of_workspace ON ${s}.keys (workspace_id, created_at_ms, seq);
  CREATE TABLE ${s}.records (
    seq BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    unique_name TEXT,
    created_at_ms BIGINT NOT NULL,
    record JSONB NOT NULL,
    PRIMARY KEY (kind, id),
    UNIQUE (kind, unique_name)
  );
  CREATE INDEX records_of_workspace ON ${s}.records (kind, workspace_id, created_at_ms, seq);
  CREATE INDEX records_of_all ON ${s}.records (kind, created_at_ms, seq);
  CREATE TABLE ${s}.ledger (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    key_id TEXT,
    at_ms BIGINT NOT NULL,
    provider TEXT,
    model TEXT,
    tag TEXT,
    ends_request BOOLEAN NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    cost_pico_usd BIGINT NOT NULL,
    estimated BOOLEAN NOT NULL,
    entry TEXT NOT NULL
  );
  CREATE INDEX ledger_of_workspace ON ${s}.ledger (workspace_id, at_ms);
  CREATE TABLE ${s}.idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    lease_ends_at_ms BIGINT NOT NULL,
    kept_until_ms BIGINT NOT NULL,
    finished BOOLEAN NOT NULL DEFAULT FALSE,
    answer TEXT,
    PRIMARY KEY (scope, key)
  );
  CREATE INDEX idempotency_over ON ${s}.idempotency (kept_until_ms);
  -- Nothing in these two needs to survive: no WAL, and no wait for the disk.
  CREATE UNLOGGED TABLE ${s}.buckets (
    name TEXT PRIMARY KEY,
    tokens DOUBLE PRECISION NOT NULL,
    at_ms DOUBLE PRECISION NOT NULL
  ) WITH (fillfactor = 50);
  CREATE UNLOGGED TABLE ${s}.notes (
    topic TEXT NOT NULL,
    member TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    PRIMARY KEY (topic, member)
  ) WITH (fillfactor = 50);
  ${budgetFunctions(s)}
  ${otherFunctions(s)}
  `,
];
