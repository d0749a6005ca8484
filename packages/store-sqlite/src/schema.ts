/**
 * Steps from an empty file to the present schema; a file's `user_version` says how many it has. Money is
 * whole pico-USD, times are Unix ms, what nobody asks for apart is JSON.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE budgets (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    budget_key TEXT NOT NULL,
    scope TEXT NOT NULL,
    period TEXT NOT NULL,
    limit_pico_usd INTEGER NOT NULL,
    enforce INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    UNIQUE (workspace_id, budget_key)
  ) STRICT;
  CREATE TABLE windows (
    budget_id TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    end_ms INTEGER,
    spent_pico_usd INTEGER NOT NULL,
    held_pico_usd INTEGER NOT NULL,
    PRIMARY KEY (budget_id, start_ms)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE holds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    status TEXT NOT NULL,
    pico_usd INTEGER NOT NULL,
    lease_ends_at_ms INTEGER NOT NULL,
    windows TEXT NOT NULL,
    memo TEXT NOT NULL
  ) STRICT;
  CREATE INDEX open_holds ON holds (lease_ends_at_ms) WHERE status = 'open';
  CREATE INDEX closed_holds ON holds (seq) WHERE status <> 'open';
  CREATE TABLE keys (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL,
    key_hash TEXT NOT NULL UNIQUE,
    created_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER,
    key TEXT NOT NULL
  ) STRICT;
  CREATE INDEX keys_of_workspace ON keys (workspace_id, created_at_ms, seq);
  CREATE TABLE ledger (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    key_id TEXT,
    at_ms INTEGER NOT NULL,
    provider TEXT,
    model TEXT,
    tag TEXT,
    ends_request INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_pico_usd INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    entry TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX ledger_of_workspace ON ledger (workspace_id, at_ms);
  CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    owner TEXT NOT NULL,
    lease_ends_at_ms INTEGER NOT NULL,
    kept_until_ms INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    answer TEXT,
    PRIMARY KEY (scope, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_over ON idempotency (kept_until_ms);
  CREATE TABLE buckets (
    name TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notes (
    topic TEXT NOT NULL,
    member TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (topic, member)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE records (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    unique_name TEXT,
    created_at_ms INTEGER NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (kind, id),
    UNIQUE (kind, unique_name)
  ) STRICT;
  CREATE INDEX records_of_workspace ON records (kind, workspace_id, created_at_ms, seq);
  `,
  // Entries without what their columns say already.
  `
  ALTER TABLE ledger ADD COLUMN request_id TEXT NOT NULL DEFAULT '';
  ALTER TABLE ledger ADD COLUMN byok INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE ledger ADD COLUMN usage TEXT NOT NULL DEFAULT '{}';
  UPDATE ledger SET request_id = entry ->> 'requestId', byok = entry ->> 'byok', usage = entry -> 'usage';
  ALTER TABLE ledger DROP COLUMN entry;
  `,
];
