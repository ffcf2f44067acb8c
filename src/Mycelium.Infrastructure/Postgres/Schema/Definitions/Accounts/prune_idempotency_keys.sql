-- definition 1
-- Deletes keys past their life, the oldest first, at most so many, and returns how many. Any number of callers may do this at once: each takes rows that no other has taken.
-- Nothing else deletes a key, and none is deleted within its first hour: a key that is gone lets a retry act again.
CREATE OR REPLACE FUNCTION prune_idempotency_keys(life interval, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pruned  integer;
BEGIN
    DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM idempotency_keys WHERE created_at < (SELECT market_now() - greatest(life, interval '1 hour')) ORDER BY created_at LIMIT batch FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END $$;
