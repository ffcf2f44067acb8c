-- Events get their numbers in the transaction that tells them, where nobody else is numbering: that spares a transaction, its flush to disk and a round trip
-- for each round of rentals, and the subscribers the wait for it. What that gave: bench/NOTES.md.

-- Numbers what is visible, own events included. The caller holds the advisory lock until it commits, so what becomes visible later gets a higher number, and
-- a transaction that does not commit gives its numbers back.
CREATE FUNCTION number_waiting_events(batch integer) RETURNS TABLE (stamped integer, up_to bigint) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    latest   bigint;
    waiting  bigint[];
    ids      bigint[];
BEGIN
    SELECT array_agg(id) INTO waiting
    FROM (SELECT id, sum(cardinality(event_ids)) OVER (ORDER BY id) - cardinality(event_ids) AS ahead
          FROM (SELECT id, event_ids FROM events_waiting ORDER BY id LIMIT batch) AS first) AS next
    WHERE ahead < batch;
    IF waiting IS NULL THEN
        -- Nothing is written: a look in vain costs no flush to disk.
        stamped := 0;
        SELECT last_seq INTO up_to FROM event_counter;
        RETURN NEXT;
        RETURN;
    END IF;

    SELECT last_seq INTO latest FROM event_counter FOR NO KEY UPDATE;
    WITH taken AS (DELETE FROM events_waiting WHERE id = ANY (waiting) RETURNING event_ids)
    SELECT array_agg(id ORDER BY id) INTO ids FROM taken, unnest(event_ids) AS id;
    stamped := cardinality(ids);
    up_to := latest + stamped;
    INSERT INTO event_numbers (seq, event_id) SELECT latest + position, id FROM unnest(ids) WITH ORDINALITY AS numbered (id, position);
    UPDATE event_counter SET last_seq = up_to;
    RETURN NEXT;
END $$;

-- At the end of a transaction that wrote events, sent together with its COMMIT. It waits for nobody: no row when somebody else is numbering or deletes what is
-- old, who may not see these events; they are left to the replica's stamper then.
CREATE FUNCTION stamp_own_events(batch integer) RETURNS TABLE (stamped integer, up_to bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_xact_lock(7301977001) AND EXISTS (SELECT FROM event_counter FOR NO KEY UPDATE SKIP LOCKED) THEN
        RETURN QUERY SELECT * FROM number_waiting_events(batch);
    END IF;
END $$;

-- By itself, after somebody has committed. It waits its turn, which is as long as a commit: who numbers now may not see what this one is called for.
CREATE OR REPLACE FUNCTION stamp_events(batch integer) RETURNS TABLE (stamped integer, up_to bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7301977001);
    RETURN QUERY SELECT * FROM number_waiting_events(batch);
END $$;
ALTER FUNCTION stamp_events(integer) RESET ALL;
