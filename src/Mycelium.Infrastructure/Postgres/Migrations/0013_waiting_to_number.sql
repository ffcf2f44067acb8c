-- A round that found somebody else numbering left its events to the stamper: with two rounds at a time that was one in four, and each cost a transaction, a flush to
-- disk and the rows in between. Who numbers is committing, so it is worth a moment's wait. What that gave: bench/NOTES.md.

-- Whether the numbers are ours until the end of the transaction. Who has them waits at most for who deletes what is old, and that one for nobody, so this is no
-- circle. 5 ms are some commits; where it takes longer, events are left to the stamper as before, so a crowd of replicas does not queue here.
CREATE FUNCTION wait_to_number() RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '5ms' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7301977001);
    RETURN true;
EXCEPTION WHEN lock_not_available THEN
    RETURN false;
END $$;

-- One condition of start_rentals (0012_rentals_by_columns.sql) changes; the rest stays as it is there.
DO $$
DECLARE
    written  CONSTANT text := pg_get_functiondef('start_rentals'::regproc);
    waiting  CONSTANT text := replace(written, 'IF pg_try_advisory_xact_lock(7301977001) THEN', 'IF pg_try_advisory_xact_lock(7301977001) OR wait_to_number() THEN');
BEGIN
    IF waiting = written THEN
        RAISE EXCEPTION 'start_rentals does not ask for the numbers as it did in 0012';
    END IF;
    EXECUTE waiting;
END $$;
