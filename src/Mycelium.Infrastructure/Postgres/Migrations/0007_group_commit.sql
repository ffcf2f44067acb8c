-- Rentals of many nodes begin in one transaction: what a rental costs is then its rows, and no longer its statements, its locks and its flush to disk.
-- What that gave: bench/NOTES.md.

-- Events are written once. Their numbers stand beside them: numbering a row in place wrote all of it again, and its indexes.
CREATE TABLE event_numbers (
    seq       bigint PRIMARY KEY,                       -- dense, in the order in which changes became visible
    event_id  bigint NOT NULL
);

INSERT INTO event_numbers (seq, event_id) SELECT seq, id FROM events WHERE seq IS NOT NULL;

-- What is committed and has no number yet, a row for each statement that wrote events (and for each 500 of them): nearly always empty.
CREATE TABLE events_waiting (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_ids  bigint[] NOT NULL
);

INSERT INTO events_waiting (event_ids) SELECT ARRAY[id] FROM events WHERE seq IS NULL ORDER BY id;

DROP INDEX events_unstamped;
ALTER TABLE events DROP COLUMN seq;

CREATE FUNCTION let_events_wait() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO events_waiting (event_ids)
    SELECT array_agg(id ORDER BY id) FROM (SELECT id, row_number() OVER (ORDER BY id) AS position FROM after_rows) AS told GROUP BY (position - 1) / 500;
    RETURN NULL;
END $$;

CREATE TRIGGER events_wait AFTER INSERT ON events
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION let_events_wait();

-- As before, one transaction at a time numbers what is visible, so what becomes visible later gets a higher number. What waited together is numbered
-- together, so a batch is exceeded by fewer than 500.
CREATE OR REPLACE FUNCTION stamp_events(batch integer) RETURNS TABLE (stamped integer, up_to bigint) LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    latest   bigint;
    waiting  bigint[];
    ids      bigint[];
BEGIN
    IF NOT pg_try_advisory_xact_lock(7301977001) THEN
        RETURN;
    END IF;
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
    WITH forgotten AS (DELETE FROM event_numbers WHERE seq >= low AND seq <= high RETURNING event_id)
    DELETE FROM events USING forgotten WHERE events.id = forgotten.event_id;
    UPDATE event_counter SET first_seq = high + 1;
    RETURN high - low + 1;
END $$;

-- Of a node from which slices were taken, or to which they came back, and nothing else: three columns differ, and are told without comparing all.
-- For every other change all columns are compared, as before.
CREATE FUNCTION node_before(was nodes, now_is nodes) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    expected nodes := was;
BEGIN
    expected.allocated_slices := now_is.allocated_slices;
    expected.free_slices := now_is.free_slices;
    expected.version := now_is.version;
    IF expected *= now_is AND was.allocated_slices <> now_is.allocated_slices AND was.free_slices <> now_is.free_slices AND was.version <> now_is.version THEN
        RETURN jsonb_build_object('allocated_slices', was.allocated_slices, 'free_slices', was.free_slices, 'version', was.version);
    END IF;
    RETURN columns_before(to_jsonb(was), to_jsonb(now_is));
END $$;

-- Without nested loops: the rows before and after are joined by hash, whether they are two or ten thousand. Farms are looked up by their key.
CREATE OR REPLACE FUNCTION tell_nodes() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_hashjoin = on AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO events (kind, reason, node_id, farmer_id, state)
        SELECT 'NODE', 'NodeDiscovered', node.id, node.farmer_id,
               to_jsonb(node) || jsonb_build_object('farm', (SELECT to_jsonb(farm) FROM farms AS farm WHERE farm.id = node.farm_id))
        FROM after_rows AS node
        ORDER BY node.id;
    ELSE
        INSERT INTO events (kind, reason, node_id, farmer_id, state, previous)
        SELECT 'NODE',
               CASE
                   WHEN node.farmer_id IS DISTINCT FROM was.farmer_id THEN 'NodeRegistered'
                   WHEN node.is_published AND NOT was.is_published THEN 'NodePublished'
                   WHEN was.is_published AND NOT node.is_published THEN 'NodeUnpublished'
                   WHEN node.price_per_slice <> was.price_per_slice THEN 'NodeRepriced'
                   WHEN node.allocated_slices > was.allocated_slices THEN 'SlicesRented'
                   WHEN node.allocated_slices < was.allocated_slices THEN 'SlicesReleased'
                   WHEN node.is_vanished AND NOT was.is_vanished THEN 'NodeVanished'
                   WHEN was.is_vanished AND NOT node.is_vanished THEN 'NodeReturned'
                   WHEN node.overcommitted_slices > 0 AND was.overcommitted_slices = 0 THEN 'NodeOvercommitted'
                   WHEN was.overcommitted_slices > 0 AND node.overcommitted_slices = 0 THEN 'NodeNoLongerOvercommitted'
                   WHEN node.status <> was.status THEN 'NodeStatusChanged'
                   WHEN node.slice_capacity <> was.slice_capacity THEN 'NodeCapacityChanged'
                   ELSE 'NodeObserved'
               END,
               node.id, node.farmer_id,
               to_jsonb(node) || jsonb_build_object('farm', (SELECT to_jsonb(farm) FROM farms AS farm WHERE farm.id = node.farm_id)),
               node_before(was, node)
        FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id
        WHERE node.version <> was.version
        ORDER BY node.id;
    END IF;
    RETURN NULL;
END $$;

-- The market. A rental changes how many units are left and nothing else, and writes only that. By keys always: planned for what it did not know, a
-- deletion that never found a row read the whole table (0.3 ms).
ALTER FUNCTION refresh_slice_combinations(bigint[]) SET enable_seqscan = off;
ALTER FUNCTION refresh_slice_combinations(bigint[]) SET enable_nestloop = on;
ALTER FUNCTION refresh_slice_combinations(bigint[]) SET enable_hashjoin = off;
ALTER FUNCTION refresh_slice_combinations(bigint[]) SET enable_mergejoin = off;

-- The caller's transaction has just changed these nodes, and so holds their locks.
CREATE FUNCTION recount_slice_combinations(node_ids bigint[], slices_for_sale integer[]) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    UPDATE slice_combinations AS combination SET quantity_available = node.for_sale / combination.multiplier
    FROM unnest(node_ids, slices_for_sale) AS node (id, for_sale)
    WHERE combination.node_id = node.id AND combination.quantity_available <> node.for_sale / combination.multiplier;
END $$;

CREATE FUNCTION refresh_market_of_changed_nodes() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_hashjoin = on AS $$
DECLARE
    counted    bigint[];
    for_sale   integer[];
    described  bigint[];
BEGIN
    SELECT array_agg(id) FILTER (WHERE is_same AND sells <> sold), array_agg(sells) FILTER (WHERE is_same AND sells <> sold), array_agg(id) FILTER (WHERE NOT is_same)
    INTO counted, for_sale, described
    FROM (
        SELECT node.id, CASE WHEN node.is_sellable THEN node.free_slices ELSE 0 END AS sells, CASE WHEN was.is_sellable THEN was.free_slices ELSE 0 END AS sold,
               node.is_published = was.is_published AND node.slice_capacity = was.slice_capacity AND node.price_per_slice = was.price_per_slice
               AND node.farm_id = was.farm_id AND node.capacity_as_of = was.capacity_as_of AND node.status = was.status
               AND node.certification = was.certification AND node.is_dedicated = was.is_dedicated AND node.gpu_count = was.gpu_count
               AND (node.farmer_id, node.country, node.country_code, node.region, node.city, node.uptime_percent, node.upload_mbps, node.download_mbps)
               IS NOT DISTINCT FROM (was.farmer_id, was.country, was.country_code, was.region, was.city, was.uptime_percent, was.upload_mbps, was.download_mbps)
               AS is_same
        FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id
        WHERE node.farmer_id IS NOT NULL) AS changed;
    IF cardinality(counted) > 0 THEN
        PERFORM recount_slice_combinations(counted, for_sale);
    END IF;
    IF cardinality(described) > 0 THEN
        PERFORM refresh_slice_combinations(described);
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER nodes_refresh_market_update ON nodes;
CREATE TRIGGER nodes_refresh_market_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_changed_nodes();

-- An entry is written with all its postings in one statement and sums to zero at its end: one look at each statement, not one at each posting.
DROP TRIGGER ledger_entries_sum_to_zero ON ledger_postings;
DROP FUNCTION refuse_unbalanced_entry();

CREATE FUNCTION refuse_unbalanced_entries() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    entry  uuid;
    total  numeric;
BEGIN
    SELECT entry_id INTO entry FROM after_rows WHERE NOT EXISTS (SELECT FROM ledger_entries WHERE id = entry_id) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'there is no ledger entry %', entry USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_postings_entry_id_fkey', TABLE = 'ledger_postings';
    END IF;
    SELECT entry_id, sum(amount) INTO entry, total FROM after_rows GROUP BY entry_id HAVING sum(amount) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % sums to %', entry, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_entries();

ALTER FUNCTION tell_wallets() SET enable_seqscan = off;
ALTER FUNCTION tell_wallets() SET enable_nestloop = on;
ALTER FUNCTION tell_wallets() SET enable_hashjoin = off;
ALTER FUNCTION tell_wallets() SET enable_mergejoin = off;

-- Only wallets have a running balance; for the two shared accounts there is nothing to look up.
CREATE OR REPLACE FUNCTION continue_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_sequence  bigint;
    last_balance   bigint;
BEGIN
    NEW.sequence := NULL;
    NEW.balance_after := NULL;
    IF NEW.account_id IN ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002') THEN
        RETURN NEW;
    END IF;
    PERFORM FROM ledger_accounts WHERE id = NEW.account_id AND kind = 'Wallet' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no wallet %', NEW.account_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_postings_account_id_fkey', TABLE = 'ledger_postings';
    END IF;
    SELECT sequence, balance_after INTO last_sequence, last_balance
    FROM ledger_postings WHERE account_id = NEW.account_id AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last_sequence, 0) + 1;
    NEW.balance_after := coalesce(last_balance, 0) + NEW.amount;
    RETURN NEW;
END $$;
ALTER FUNCTION continue_wallet() RESET ALL;

-- Postings refer to entries and wallets, which are never deleted: the two triggers above look once for what two foreign keys looked for row by row.
ALTER TABLE ledger_postings DROP CONSTRAINT ledger_postings_entry_id_fkey, DROP CONSTRAINT ledger_postings_account_id_fkey;
CREATE TRIGGER ledger_accounts_stay BEFORE DELETE OR TRUNCATE ON ledger_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

-- The lowest free slices of a node. While no rental has ended before a younger one they are those above the highest that is rented: one look at the index.
CREATE FUNCTION free_slices(of_node bigint, capacity integer, rented bigint, wanted bigint) RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    highest integer := (SELECT max(slice_index) FROM slices WHERE node_id = of_node);
BEGIN
    IF rented = coalesce(highest + 1, 0) THEN
        RETURN QUERY SELECT generate_series(rented::integer, (rented + wanted)::integer - 1);
    ELSE
        RETURN QUERY SELECT number FROM generate_series(0, capacity - 1) AS number
                     WHERE NOT EXISTS (SELECT FROM slices WHERE node_id = of_node AND slice_index = number) LIMIT wanted;
    END IF;
END $$;

-- Takes the slices of new rentals, of one node or of many, or fails as a whole. The caller holds the nodes' row locks and has decided by the rows it
-- read; the conditional update decides again, so that a caller who decided by something else changes nothing.
-- MY001: a node is not as the caller believed.
DROP FUNCTION start_rentals(bigint, bigint, jsonb);
CREATE FUNCTION start_rentals(on_nodes bigint[], expected_versions bigint[], new_rentals jsonb) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    started     rentals[] := ARRAY(SELECT rental FROM jsonb_populate_recordset(NULL::rentals, new_rentals) AS rental ORDER BY rental.node_id, rental.id);
    wanted      bigint[];
    capacities  integer[];
    allocated   integer[];
    held        bigint;
BEGIN
    WITH changed AS (
        UPDATE nodes SET allocated_slices = allocated_slices + rented.slices, version = nodes.version + rented.rentals
        FROM unnest(on_nodes, expected_versions) AS expected (node_id, version)
        JOIN (SELECT node_id, sum(slice_total) AS slices, count(*) AS rentals FROM unnest(started) GROUP BY node_id) AS rented USING (node_id)
        WHERE nodes.id = expected.node_id AND nodes.version = expected.version AND is_sellable AND allocated_slices + rented.slices <= slice_capacity
        RETURNING nodes.id, slice_capacity, allocated_slices, rented.slices)
    SELECT array_agg(slices ORDER BY id), array_agg(slice_capacity ORDER BY id), array_agg(allocated_slices ORDER BY id) INTO wanted, capacities, allocated
    FROM changed;
    IF cardinality(wanted) IS DISTINCT FROM cardinality(on_nodes) THEN
        RAISE EXCEPTION 'of nodes % not all are as they were, with enough free slices', on_nodes USING ERRCODE = 'MY001';
    END IF;

    INSERT INTO rentals SELECT * FROM unnest(started);

    -- Both sides in the same order: the slices node by node, and the takers of the slices one after the other.
    INSERT INTO slices (node_id, slice_index, rental_id)
    SELECT free.node_id, free.slice_index, taker.id
    FROM (SELECT node.id AS node_id, slice_index, row_number() OVER () AS position
          FROM unnest(on_nodes, capacities, allocated, wanted) AS node (id, capacity, allocated, wanted)
          CROSS JOIN LATERAL free_slices(node.id, node.capacity, node.allocated - node.wanted, node.wanted) AS slice_index) AS free
    JOIN (SELECT rental.id, row_number() OVER () AS position FROM unnest(started) AS rental, generate_series(1, rental.slice_total)) AS taker USING (position);
    GET DIAGNOSTICS held = ROW_COUNT;
    IF held <> (SELECT sum(slice_total) FROM unnest(started)) THEN
        RAISE EXCEPTION 'nodes % gave % slices, too few', on_nodes, held USING ERRCODE = 'MY001';
    END IF;
END $$;

-- Keys past their life are deleted, oldest first.
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
