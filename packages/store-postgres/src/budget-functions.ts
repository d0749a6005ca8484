/**
 * The steps of budgets, each one statement: core's `reserveHold`, `extendHold`, `settleHold` and
 * `expireHold` said again next to the rows, and held to them by the conformance suite.
 *
 * Locks are taken in one order everywhere, so that nobody waits in a ring: a hold, then budgets by `seq`.
 * Whoever has a budget's lock is alone with all its windows. Each statement of a function sees what was
 * committed before it (READ COMMITTED), so windows are read by a statement after the one that locks.
 */
export const budgetFunctions = (s: string): string => `
  CREATE TYPE ${s}.hold_answer AS (
    status TEXT,
    held_pico_usd BIGINT,
    room_pico_usd NUMERIC,
    granted_pico_usd BIGINT,
    -- the budget that refused, with its window
    id TEXT,
    workspace_id TEXT,
    scope TEXT,
    include_byok BOOLEAN,
    period TEXT,
    limit_pico_usd BIGINT,
    enforce BOOLEAN,
    created_at_ms BIGINT,
    updated_at_ms BIGINT,
    start_ms BIGINT,
    spent_pico_usd BIGINT,
    window_held_pico_usd BIGINT
  );

  -- Sets money aside in all of these windows or in none; their budgets are locked, "held" is what the hold had.
  CREATE FUNCTION ${s}.add_hold(
    seqs BIGINT[], starts BIGINT[], held BIGINT, needed BIGINT, wanted BIGINT, renewal BOOLEAN
  ) RETURNS ${s}.hold_answer LANGUAGE plpgsql AS $$
  DECLARE
    answer ${s}.hold_answer;
    room NUMERIC;
    more BIGINT := wanted;
  BEGIN
    SELECT 'refused', NULL,
        b.limit_pico_usd::NUMERIC - coalesce(w.spent_pico_usd, 0) - coalesce(w.held_pico_usd, 0) AS room, NULL,
        b.id, b.workspace_id, b.scope, b.include_byok, b.period, b.limit_pico_usd, b.enforce,
        b.created_at_ms, b.updated_at_ms,
        p.start_ms, coalesce(w.spent_pico_usd, 0), coalesce(w.held_pico_usd, 0)
      INTO answer
      FROM unnest(seqs, starts) AS p (seq, start_ms)
      JOIN ${s}.budgets b ON b.seq = p.seq
      LEFT JOIN ${s}.windows w ON w.budget_seq = p.seq AND w.start_ms = p.start_ms
      WHERE b.enforce
      ORDER BY 3, b.seq LIMIT 1;
    room := answer.room_pico_usd;
    IF room < wanted THEN
      -- Where a limit was lowered below what is held, a running call's lease can be renewed all the same.
      IF room < needed AND NOT renewal THEN
        RETURN answer;
      END IF;
      more := greatest(0, room);
    END IF;
    INSERT INTO ${s}.windows AS w (budget_seq, start_ms, held_pico_usd)
      SELECT p.seq, p.start_ms, more FROM unnest(seqs, starts) AS p (seq, start_ms)
      ON CONFLICT (budget_seq, start_ms) DO UPDATE SET held_pico_usd = w.held_pico_usd + more;
    answer := NULL;
    answer.status := 'granted';
    answer.held_pico_usd := held + more;
    answer.room_pico_usd := room - more;
    answer.granted_pico_usd := more;
    RETURN answer;
  END $$;

  CREATE FUNCTION ${s}.extend(hold_id TEXT, least_total BIGINT, wanted_total BIGINT, lease_ends BIGINT)
  RETURNS ${s}.hold_answer LANGUAGE plpgsql AS $$
  DECLARE
    hold ${s}.holds;
    seqs BIGINT[];
    starts BIGINT[];
    needed BIGINT;
    answer ${s}.hold_answer;
  BEGIN
    SELECT * INTO hold FROM ${s}.holds WHERE id = hold_id FOR NO KEY UPDATE;
    IF NOT FOUND OR hold.status <> 'open' THEN
      answer.status := 'closed';
      RETURN answer;
    END IF;
    SELECT coalesce(array_agg(l.seq), '{}'), coalesce(array_agg(l.start_ms), '{}') INTO seqs, starts
      FROM (
        SELECT b.seq, p.start_ms FROM unnest(hold.budget_seqs, hold.starts_ms) AS p (seq, start_ms)
          JOIN ${s}.budgets b ON b.seq = p.seq
          ORDER BY b.seq FOR NO KEY UPDATE OF b
      ) l;
    needed := greatest(0, least_total - hold.pico_usd);
    answer := ${s}.add_hold(
      seqs, starts, hold.pico_usd, needed, greatest(0, wanted_total - hold.pico_usd), needed = 0);
    IF answer.status = 'granted' THEN
      UPDATE ${s}.holds SET pico_usd = answer.held_pico_usd, lease_ends_at_ms = lease_ends WHERE id = hold_id;
    END IF;
    RETURN answer;
  END $$;

  -- names and starts: what a budget that counts the spender is named in "counts", and its window.
  CREATE FUNCTION ${s}.reserve(
    hold_id TEXT, workspace TEXT, needed BIGINT, wanted BIGINT, lease_ends BIGINT, hold_memo TEXT,
    names TEXT[], name_starts BIGINT[]
  ) RETURNS ${s}.hold_answer LANGUAGE plpgsql AS $$
  DECLARE
    seqs BIGINT[];
    starts BIGINT[];
    answer ${s}.hold_answer;
  BEGIN
    IF EXISTS (SELECT FROM ${s}.holds WHERE id = hold_id) THEN
      RETURN ${s}.extend(hold_id, 0, 0, lease_ends);
    END IF;
    SELECT coalesce(array_agg(l.seq), '{}'), coalesce(array_agg(l.start_ms), '{}') INTO seqs, starts
      FROM (
        SELECT b.seq, n.start_ms FROM unnest(names, name_starts) AS n (name, start_ms)
          JOIN ${s}.budgets b ON b.workspace_id = workspace AND b.counts = n.name
          ORDER BY b.seq FOR NO KEY UPDATE OF b
      ) l;
    answer := ${s}.add_hold(seqs, starts, 0, needed, wanted, FALSE);
    IF answer.status <> 'granted' THEN
      RETURN answer;
    END IF;
    INSERT INTO ${s}.holds (id, workspace_id, pico_usd, lease_ends_at_ms, budget_seqs, starts_ms, memo)
      VALUES (hold_id, workspace, answer.held_pico_usd, lease_ends, seqs, starts, hold_memo)
      ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
      -- The same reservation, made at the same moment: its hold must not be waited for under these locks.
      UPDATE ${s}.windows w SET held_pico_usd = w.held_pico_usd - answer.granted_pico_usd
        FROM unnest(seqs, starts) AS p (seq, start_ms)
        WHERE w.budget_seq = p.seq AND w.start_ms = p.start_ms;
      answer.status := 'again';
    END IF;
    RETURN answer;
  END $$;

  CREATE FUNCTION ${s}.settle(hold_id TEXT, cost BIGINT) RETURNS TEXT LANGUAGE plpgsql AS $$
  DECLARE
    hold ${s}.holds;
  BEGIN
    SELECT * INTO hold FROM ${s}.holds WHERE id = hold_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      RETURN 'unknown';
    ELSIF hold.status = 'settled' THEN
      RETURN 'already';
    END IF;
    PERFORM FROM ${s}.budgets WHERE seq = ANY (hold.budget_seqs) ORDER BY seq FOR NO KEY UPDATE;
    UPDATE ${s}.windows w SET
        held_pico_usd = w.held_pico_usd - CASE hold.status WHEN 'open' THEN hold.pico_usd ELSE 0 END,
        spent_pico_usd = w.spent_pico_usd + cost - CASE hold.status WHEN 'open' THEN 0 ELSE hold.pico_usd END
      FROM unnest(hold.budget_seqs, hold.starts_ms) AS p (seq, start_ms)
      WHERE w.budget_seq = p.seq AND w.start_ms = p.start_ms;
    UPDATE ${s}.holds SET status = 'settled', pico_usd = cost, memo = '',
        closed_seq = coalesce(closed_seq, nextval('${s}.closed_holds'))
      WHERE id = hold_id;
    RETURN CASE hold.status WHEN 'open' THEN 'settled' ELSE 'corrected' END;
  END $$;

  CREATE FUNCTION ${s}.sweep(now_ms BIGINT, most INTEGER) RETURNS SETOF ${s}.holds LANGUAGE plpgsql AS $$
  DECLARE
    ids TEXT[];
  BEGIN
    SELECT array_agg(due.id) INTO ids FROM (
      SELECT id FROM ${s}.holds WHERE status = 'open' AND lease_ends_at_ms <= now_ms
        ORDER BY seq LIMIT most FOR NO KEY UPDATE SKIP LOCKED
    ) due;
    IF ids IS NULL THEN
      RETURN;
    END IF;
    PERFORM FROM ${s}.budgets
      WHERE seq IN (SELECT unnest(budget_seqs) FROM ${s}.holds WHERE id = ANY (ids))
      ORDER BY seq FOR NO KEY UPDATE;
    UPDATE ${s}.windows w SET
        held_pico_usd = w.held_pico_usd - c.pico_usd, spent_pico_usd = w.spent_pico_usd + c.pico_usd
      FROM (
        SELECT p.seq, p.start_ms, sum(h.pico_usd)::BIGINT AS pico_usd
          FROM ${s}.holds h, unnest(h.budget_seqs, h.starts_ms) AS p (seq, start_ms)
          WHERE h.id = ANY (ids) GROUP BY p.seq, p.start_ms
      ) c
      WHERE w.budget_seq = c.seq AND w.start_ms = c.start_ms;
    RETURN QUERY UPDATE ${s}.holds SET status = 'expired', closed_seq = nextval('${s}.closed_holds')
      WHERE id = ANY (ids) RETURNING *;
  END $$;

  -- Two statements: the second sees windows that were opened while the first waited for the lock.
  CREATE FUNCTION ${s}.delete_budget(workspace TEXT, budget_id TEXT) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
  DECLARE
    gone BIGINT;
  BEGIN
    DELETE FROM ${s}.budgets WHERE workspace_id = workspace AND id = budget_id RETURNING seq INTO gone;
    DELETE FROM ${s}.windows WHERE budget_seq = gone;
    RETURN gone IS NOT NULL;
  END $$;
`;
