-- definition 2
-- Deletes the oldest events that are older than an instant, at most so many, always from the low end, so that what is left has no gap. The number of the last
-- deleted event stays with its mark: a cursor may stand there.
CREATE OR REPLACE FUNCTION forget_events(older_than timestamptz, batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    low   bigint;
    high  bigint;
BEGIN
    SELECT first_seq INTO low FROM event_counter FOR NO KEY UPDATE;
    SELECT max(seq) INTO high FROM event_numbers JOIN events ON id = event_id WHERE seq >= low AND seq < low + batch AND created_at < older_than;
    -- A younger event below an older one stops the deletion: numbers follow commits, instants do not.
    SELECT coalesce(min(seq) - 1, high) INTO high
    FROM event_numbers JOIN events ON id = event_id WHERE seq >= low AND seq <= high AND created_at >= older_than;
    IF high IS NULL OR high < low THEN
        RETURN 0;
    END IF;
    DELETE FROM events USING event_numbers WHERE events.id = event_id AND seq >= low AND seq <= high;
    DELETE FROM event_numbers WHERE seq < high;
    UPDATE event_counter SET first_seq = high + 1;
    RETURN high - low + 1;
END $$;
