-- Samples by month (UTC), which keep_samples makes and drops. The table that was there becomes its last month's, with all that is older. Slots are divided, which are
-- 40 minutes of time since 1970: a day has 36, so that a month begins with a slot.
DO $$
DECLARE
    month  text;
    bound  bigint;
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = 'uptime_samples'::regclass) <> 'r' THEN
        RETURN;
    END IF;

    LOCK TABLE uptime_samples;
    SELECT obj_description(oid, 'pg_constraint') INTO month
    FROM pg_constraint WHERE conrelid = 'uptime_samples'::regclass AND conname = 'uptime_samples_are_of_a_month';
    bound := extract(epoch FROM to_date(month, 'YYYY_MM') + interval '1 month')::bigint / 2400;

    EXECUTE format('ALTER TABLE uptime_samples RENAME TO uptime_samples_%s', month);
    EXECUTE format('ALTER INDEX uptime_samples_pkey RENAME TO uptime_samples_%s_pkey', month);
    DROP INDEX uptime_samples_by_slot; -- Slots are no longer deleted one by one.
    CREATE TABLE uptime_samples (
        node_id  bigint NOT NULL,
        slot     bigint NOT NULL,
        is_up    boolean NOT NULL,
        PRIMARY KEY (node_id, slot)
    ) PARTITION BY RANGE (slot);
    EXECUTE format('ALTER TABLE uptime_samples ATTACH PARTITION uptime_samples_%s FOR VALUES FROM (MINVALUE) TO (%s)', month, bound);
    EXECUTE format('ALTER TABLE uptime_samples_%s DROP CONSTRAINT uptime_samples_are_of_a_month', month); -- The bounds of the month say it from now on.

    -- For whatever no month is made for: a pass over a grid must not fail for it.
    CREATE TABLE uptime_samples_other PARTITION OF uptime_samples DEFAULT;

    -- The previous release deletes old samples by their place in the table, and rows of several months have the same place: it would delete young ones.
    CREATE RULE uptime_samples_go_by_month AS ON DELETE TO uptime_samples DO INSTEAD NOTHING;
END $$;
