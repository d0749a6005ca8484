/** What else takes several steps and must be one statement. */
export const otherFunctions = (s: string): string => `
  CREATE FUNCTION ${s}.begin_request(
    request_scope TEXT, request_key TEXT, request_fingerprint TEXT, request_owner TEXT,
    lease_ends BIGINT, kept_until BIGINT, now_ms BIGINT,
    OUT status TEXT, OUT running_until_ms BIGINT, OUT kept_answer TEXT
  ) LANGUAGE plpgsql AS $$
  DECLARE
    kept ${s}.idempotency;
  BEGIN
    LOOP
      INSERT INTO ${s}.idempotency AS i (scope, key, fingerprint, owner, lease_ends_at_ms, kept_until_ms)
        VALUES (request_scope, request_key, request_fingerprint, request_owner, lease_ends, kept_until)
        ON CONFLICT (scope, key) DO UPDATE SET fingerprint = request_fingerprint, owner = request_owner,
          lease_ends_at_ms = lease_ends, kept_until_ms = kept_until, finished = FALSE, answer = NULL
        WHERE now_ms >= CASE WHEN i.finished THEN i.kept_until_ms ELSE i.lease_ends_at_ms END;
      IF FOUND THEN
        status := 'begun';
        RETURN;
      END IF;
      SELECT * INTO kept FROM ${s}.idempotency WHERE scope = request_scope AND key = request_key;
      -- Not found = released in between.
      EXIT WHEN FOUND;
    END LOOP;
    running_until_ms := kept.lease_ends_at_ms;
    kept_answer := kept.answer;
    status := CASE
      WHEN kept.fingerprint <> request_fingerprint THEN 'mismatch'
      WHEN kept.finished THEN 'finished' ELSE 'running' END;
  END $$;

  -- The first half of takeFromBucket: what is in the bucket before a token is taken.
  CREATE FUNCTION ${s}.take_token(
    bucket TEXT, capacity DOUBLE PRECISION, per_minute DOUBLE PRECISION, now_ms DOUBLE PRECISION
  ) RETURNS DOUBLE PRECISION LANGUAGE plpgsql AS $$
  DECLARE
    known ${s}.buckets;
    before DOUBLE PRECISION;
  BEGIN
    INSERT INTO ${s}.buckets VALUES (bucket, capacity, now_ms) ON CONFLICT DO NOTHING;
    SELECT * INTO known FROM ${s}.buckets WHERE name = bucket FOR NO KEY UPDATE;
    before := least(capacity, known.tokens + greatest(0, now_ms - known.at_ms) * per_minute / 60000);
    UPDATE ${s}.buckets SET at_ms = greatest(now_ms, known.at_ms),
        tokens = CASE WHEN before >= 1 THEN before - 1 ELSE before END
      WHERE name = bucket;
    RETURN before;
  END $$;
`;
