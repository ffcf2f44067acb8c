-- All samples there are belong to this month or an earlier one, tomorrow's included, so that the end of a month passes during no upgrade. Checked once more in a
-- step that lets others write, so that the table becomes a month without being read again under its lock.
DO $$
DECLARE
    month  timestamp := date_trunc('month', market_now() AT TIME ZONE 'UTC' + interval '1 day');
BEGIN
    IF (SELECT relkind FROM pg_class WHERE oid = 'uptime_samples'::regclass) = 'r' THEN
        ALTER TABLE uptime_samples
            -- Nodes keep their rows and ids (nodes_stay); a reference would lock nodes, and with it renting, for each month that is made or dropped.
            DROP CONSTRAINT IF EXISTS uptime_samples_node_id_fkey,
            DROP CONSTRAINT IF EXISTS uptime_samples_are_of_a_month;
        EXECUTE format('ALTER TABLE uptime_samples ADD CONSTRAINT uptime_samples_are_of_a_month CHECK (slot < %s) NOT VALID',
                       extract(epoch FROM month + interval '1 month')::bigint / 2400);
        EXECUTE format('COMMENT ON CONSTRAINT uptime_samples_are_of_a_month ON uptime_samples IS %L', to_char(month, 'YYYY_MM'));
    END IF;
END $$;
