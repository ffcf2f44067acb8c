-- definition 1
-- Bounds what is kept of notifications, and makes the months to come. A month is dropped when all of it is older than the age; of each account only the latest so many
-- stay. Returns how many rows it deleted, at most a batch of each sort. Nothing else deletes a notification; none younger than 30 days goes by its age, and
-- an account keeps its latest 100, whatever the caller asks for. One caller at a time does it.
CREATE OR REPLACE FUNCTION keep_notifications(age interval, of_each_account integer, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '500ms' AS $$ -- Whoever writes a notification queues behind this lock request.
DECLARE
    now_is       timestamptz := market_now();
    oldest       timestamptz := now_is - greatest(age, interval '30 days');
    month_start  timestamptz;
    month_end    timestamptz;
    old          text;
    deleted      integer;
    total        integer := 0;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7301977017) THEN
        RETURN 0;
    END IF;

    -- This month and two more. Where rows of a month are in the table for all others already, they stay there.
    FOR ahead IN 0..2 LOOP
        month_start := (date_trunc('month', now_is AT TIME ZONE 'UTC') + ahead * interval '1 month') AT TIME ZONE 'UTC';
        month_end := (month_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
        IF to_regclass(format('public.notifications_%s', to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM'))) IS NULL
            AND NOT EXISTS (SELECT FROM notifications_other WHERE created_at >= month_start AND created_at < month_end) THEN
            EXECUTE format('CREATE TABLE public.notifications_%s PARTITION OF public.notifications FOR VALUES FROM (%L) TO (%L)',
                           to_char(month_start AT TIME ZONE 'UTC', 'YYYY_MM'), month_start, month_end);
        END IF;
    END LOOP;

    FOR old IN
        SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'public.notifications'::regclass AND relname ~ '^notifications_\d{4}_\d\d$'
          AND (to_date(right(relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= oldest
    LOOP
        EXECUTE format('DROP TABLE public.%I', old);
    END LOOP;

    DELETE FROM notifications_other WHERE ctid = ANY (ARRAY(SELECT ctid FROM notifications_other WHERE created_at < oldest LIMIT batch));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    total := total + deleted;

    DELETE FROM notifications WHERE (id, created_at) IN (
        SELECT id, created_at
        FROM (SELECT id, created_at, row_number() OVER (PARTITION BY account_id ORDER BY id DESC) AS place
              FROM notifications
              WHERE account_id IN (SELECT account_id FROM notifications GROUP BY account_id HAVING count(*) > greatest(of_each_account, 100))) AS ranked
        WHERE place > greatest(of_each_account, 100) LIMIT batch);
    GET DIAGNOSTICS deleted = ROW_COUNT;
    total := total + deleted;

    DELETE FROM notification_keys WHERE ctid = ANY (ARRAY(SELECT ctid FROM notification_keys WHERE told_at < oldest - interval '31 days' ORDER BY told_at LIMIT batch));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    RETURN total + deleted;
END $$;
