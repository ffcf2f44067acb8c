-- definition 1
-- Makes the months of uptime samples to come, and drops a month when all of it is older than the age. Nothing else deletes a sample, and none younger than 31 days
-- goes, whatever the caller asks for: Uptime looks back 30 days. Returns how many rows it deleted of those that no month was made for, at most a batch; a dropped
-- month does not count. One caller at a time does it.
CREATE OR REPLACE FUNCTION keep_samples(age interval, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '500ms' AS $$ -- Whoever writes a sample queues behind this lock request.
DECLARE
    now_is   timestamp := market_now() AT TIME ZONE 'UTC';
    oldest   timestamp := now_is - greatest(age, interval '31 days');
    newest   timestamp;
    month    timestamp;
    low      bigint;
    high     bigint;
    old      text;
    deleted  integer;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7301977022) THEN
        RETURN 0;
    END IF;

    -- This month and two more, after the newest that is there. Where rows of a month are in the table for all others already, they stay there.
    SELECT max(to_date(right(relname, 7), 'YYYY_MM')) INTO newest
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'public.uptime_samples'::regclass AND relname ~ '^uptime_samples_\d{4}_\d\d$';
    FOR ahead IN 0..2 LOOP
        month := date_trunc('month', now_is) + ahead * interval '1 month';
        low := extract(epoch FROM month)::bigint / 2400; -- A slot is 40 minutes.
        high := extract(epoch FROM month + interval '1 month')::bigint / 2400;
        IF (newest IS NULL OR month > newest) AND NOT EXISTS (SELECT FROM uptime_samples_other WHERE slot >= low AND slot < high) THEN
            EXECUTE format('CREATE TABLE public.uptime_samples_%s PARTITION OF public.uptime_samples FOR VALUES FROM (%s) TO (%s)', to_char(month, 'YYYY_MM'), low, high);
        END IF;
    END LOOP;

    FOR old IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'public.uptime_samples'::regclass AND relname ~ '^uptime_samples_\d{4}_\d\d$'
          AND to_date(right(relname, 7), 'YYYY_MM') + interval '1 month' <= oldest
    LOOP
        EXECUTE format('DROP TABLE public.%I', old);
    END LOOP;

    DELETE FROM uptime_samples_other WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM uptime_samples_other WHERE slot < extract(epoch FROM oldest)::bigint / 2400 LIMIT batch));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN deleted;
END $$;
