-- What a round of rentals costs PostgreSQL, counted in instructions: 1.85 million for a rental in a round of five before this migration, 1.0 million after it.
-- Where they went, and how that was counted: bench/NOTES.md.

-- 1. A CHECK of a table is read, planned and prepared anew by each statement that writes the table, whatever columns it writes: 25,000 instructions each, and a
-- round met forty of them. A domain is prepared once a session and asked about columns that are written. What looks at several columns is asked by a trigger where
-- one of these is written, and stays a CHECK only where a round could get it wrong.
CREATE DOMAIN item_count AS integer CHECK (VALUE >= 0);
CREATE DOMAIN positive_count AS integer CHECK (VALUE > 0);
CREATE DOMAIN byte_count AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN micro_usd_per_hour AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN micro_usd_paid AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN percent AS double precision CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN basis_points AS integer CHECK (VALUE BETWEEN 0 AND 10000);
CREATE DOMAIN rental_hours AS integer CHECK (VALUE BETWEEN 1 AND 8760);
CREATE DOMAIN node_status AS text CHECK (VALUE IN ('Up', 'Down', 'Standby'));
CREATE DOMAIN node_certification AS text CHECK (VALUE IN ('Diy', 'Certified'));
CREATE DOMAIN rental_status AS text CHECK (VALUE IN ('Active', 'Cancelled', 'Expired'));
CREATE DOMAIN rental_end_reason AS text CHECK (VALUE IN ('CancelledByRenter', 'TermEnded'));
CREATE DOMAIN ledger_entry_kind AS text CHECK (VALUE IN ('Deposit', 'RentalCharge', 'RentalSettlement'));
CREATE DOMAIN amount_moved AS bigint CHECK (VALUE <> 0);
CREATE DOMAIN wallet_balance AS bigint CONSTRAINT wallets_never_negative CHECK (VALUE >= 0);
CREATE DOMAIN event_kind AS text CHECK (VALUE IN ('NODE', 'RENTAL', 'WALLET'));
CREATE DOMAIN idempotency_key AS text CHECK (length(VALUE) BETWEEN 8 AND 64);
CREATE DOMAIN sha256_hash AS bytea CHECK (length(VALUE) = 32);
CREATE DOMAIN only_row AS boolean CHECK (VALUE);

-- Computed columns and triggers are made anew: the columns that they look at change their type.
DROP TRIGGER nodes_never_overbooked ON nodes;
DROP TRIGGER nodes_never_discovered_overbooked ON nodes;
DROP TRIGGER rentals_end_once ON rentals;
ALTER TABLE nodes DROP COLUMN is_vanished, DROP COLUMN overcommitted_slices, DROP COLUMN free_slices, DROP COLUMN is_sellable;
ALTER TABLE nodes
    DROP CONSTRAINT nodes_id_check, DROP CONSTRAINT nodes_status_check, DROP CONSTRAINT nodes_certification_check, DROP CONSTRAINT nodes_gpu_count_check,
    DROP CONSTRAINT nodes_total_cores_check, DROP CONSTRAINT nodes_total_memory_bytes_check, DROP CONSTRAINT nodes_total_ssd_bytes_check,
    DROP CONSTRAINT nodes_total_hdd_bytes_check, DROP CONSTRAINT nodes_uptime_percent_check, DROP CONSTRAINT nodes_missed_passes_check,
    DROP CONSTRAINT nodes_price_per_slice_check, DROP CONSTRAINT nodes_slice_capacity_check, DROP CONSTRAINT nodes_allocated_slices_check,
    DROP CONSTRAINT nodes_check, DROP CONSTRAINT nodes_check1,
    ALTER COLUMN status TYPE node_status, ALTER COLUMN certification TYPE node_certification, ALTER COLUMN gpu_count TYPE item_count,
    ALTER COLUMN total_cores TYPE item_count, ALTER COLUMN total_memory_bytes TYPE byte_count, ALTER COLUMN total_ssd_bytes TYPE byte_count,
    ALTER COLUMN total_hdd_bytes TYPE byte_count, ALTER COLUMN uptime_percent TYPE percent, ALTER COLUMN missed_passes TYPE item_count,
    ALTER COLUMN price_per_slice TYPE micro_usd_per_hour, ALTER COLUMN slice_capacity TYPE item_count, ALTER COLUMN allocated_slices TYPE item_count;
ALTER TABLE nodes
    ADD COLUMN is_vanished boolean NOT NULL GENERATED ALWAYS AS (missed_passes >= 3) STORED,
    ADD COLUMN overcommitted_slices integer NOT NULL GENERATED ALWAYS AS (greatest(0, allocated_slices - slice_capacity)) STORED,
    ADD COLUMN free_slices integer NOT NULL GENERATED ALWAYS AS (greatest(0, slice_capacity - allocated_slices)) STORED,
    ADD COLUMN is_sellable boolean NOT NULL GENERATED ALWAYS AS (
        farmer_id IS NOT NULL AND is_published AND missed_passes < 3 AND status <> 'Down'
        AND rented_by_twin_id IS NULL AND allocated_slices <= slice_capacity) STORED;

ALTER TABLE rentals
    DROP CONSTRAINT rentals_multiplier_check, DROP CONSTRAINT rentals_quantity_check, DROP CONSTRAINT rentals_price_per_hour_check,
    DROP CONSTRAINT rentals_hours_check, DROP CONSTRAINT rentals_discount_check, DROP CONSTRAINT rentals_paid_check, DROP CONSTRAINT rentals_status_check,
    DROP CONSTRAINT rentals_end_reason_check, DROP CONSTRAINT rentals_check, DROP CONSTRAINT rentals_check1, DROP CONSTRAINT rentals_check2,
    DROP CONSTRAINT rentals_check3, DROP CONSTRAINT rentals_check4, DROP CONSTRAINT rentals_check5, DROP CONSTRAINT rentals_check6, DROP CONSTRAINT rentals_check7,
    ALTER COLUMN multiplier TYPE positive_count, ALTER COLUMN quantity TYPE positive_count, ALTER COLUMN price_per_hour TYPE micro_usd_per_hour,
    ALTER COLUMN hours TYPE rental_hours, ALTER COLUMN discount TYPE basis_points, ALTER COLUMN paid TYPE micro_usd_paid,
    ALTER COLUMN status TYPE rental_status, ALTER COLUMN end_reason TYPE rental_end_reason,
    ADD CONSTRAINT rentals_add_up CHECK (slice_total = multiplier * quantity AND ends_at > starts_at AND refunded BETWEEN 0 AND paid);

ALTER TABLE slices DROP CONSTRAINT slices_slice_index_check, ALTER COLUMN slice_index TYPE item_count;
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind_check, ALTER COLUMN kind TYPE ledger_entry_kind;
ALTER TABLE ledger_postings DROP CONSTRAINT ledger_postings_amount_check, DROP CONSTRAINT wallets_never_negative,
    ALTER COLUMN amount TYPE amount_moved, ALTER COLUMN balance_after TYPE wallet_balance;
ALTER TABLE events DROP CONSTRAINT events_kind_check, ALTER COLUMN kind TYPE event_kind;
ALTER TABLE event_counter DROP CONSTRAINT event_counter_only_row_check, ALTER COLUMN only_row TYPE only_row;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_key_check, DROP CONSTRAINT idempotency_keys_fingerprint_check,
    ALTER COLUMN key TYPE idempotency_key, ALTER COLUMN fingerprint TYPE sha256_hash;

-- Rows of both are compared as wholes.
ALTER TABLE slice_combinations
    ALTER COLUMN certification TYPE node_certification, ALTER COLUMN node_status TYPE node_status, ALTER COLUMN uptime_percent TYPE percent, ALTER COLUMN gpu_count TYPE item_count,
    DROP CONSTRAINT slice_combinations_check;

CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: a row of % is not as it has to be', TG_NAME, TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER slice_combinations_have_their_ids BEFORE INSERT OR UPDATE OF id, node_id, multiplier ON slice_combinations
    FOR EACH ROW WHEN (NEW.id <> NEW.node_id * 1024 + NEW.multiplier) EXECUTE FUNCTION refuse_row();
-- Combination ids stay exact in JavaScript.
CREATE TRIGGER nodes_have_positive_ids BEFORE INSERT OR UPDATE OF id ON nodes
    FOR EACH ROW WHEN (NEW.id <= 0 OR NEW.id >= 9007199254740992 / 1024) EXECUTE FUNCTION refuse_row();
CREATE TRIGGER nodes_of_nobody_are_not_for_rent BEFORE INSERT OR UPDATE OF farmer_id, is_published ON nodes
    FOR EACH ROW WHEN (NEW.farmer_id IS NULL AND (NEW.is_published OR NEW.allocated_slices > 0)) EXECUTE FUNCTION refuse_row();

-- How a rental ends. start_rentals begins active ones; whoever writes another one is asked below.
CREATE FUNCTION is_ended_for_a_reason(rental rentals) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE rental.status
        WHEN 'Active' THEN rental.ended_at IS NULL AND rental.end_reason IS NULL
        WHEN 'Cancelled' THEN rental.ended_at IS NOT NULL AND rental.ended_at BETWEEN rental.starts_at AND rental.ends_at
            AND rental.end_reason IS NOT DISTINCT FROM 'CancelledByRenter'
        ELSE rental.ended_at IS NOT NULL AND rental.ended_at BETWEEN rental.starts_at AND rental.ends_at
            AND rental.end_reason IS NOT DISTINCT FROM 'TermEnded' AND rental.refunded = 0 END
$$;

CREATE TRIGGER rentals_end_for_a_reason BEFORE UPDATE OF status, starts_at, ends_at, ended_at, end_reason, refunded ON rentals
    FOR EACH ROW WHEN (NOT is_ended_for_a_reason(NEW)) EXECUTE FUNCTION refuse_row();

CREATE TRIGGER nodes_never_overbooked BEFORE UPDATE ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices > OLD.allocated_slices AND (NEW.allocated_slices > NEW.slice_capacity OR NEW.farmer_id IS NULL))
    EXECUTE FUNCTION refuse_overbooking();
CREATE TRIGGER nodes_never_discovered_overbooked BEFORE INSERT ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices > NEW.slice_capacity)
    EXECUTE FUNCTION refuse_overbooking();
CREATE TRIGGER rentals_end_once BEFORE UPDATE ON rentals
    FOR EACH ROW WHEN (OLD.status <> 'Active') EXECUTE FUNCTION refuse_change_of_ended_rental();

-- A condition of a trigger is read anew like a CHECK, and its texts byte by byte; a function's name is short.
CREATE FUNCTION is_told_by_triggers() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN current_setting('mycelium.writer', true) IS DISTINCT FROM 'start_rentals';
END $$;

DROP TRIGGER nodes_tell_update ON nodes;
DROP TRIGGER nodes_refresh_market_update ON nodes;
DROP TRIGGER rentals_tell_insert ON rentals;
DROP TRIGGER ledger_postings_continue_wallet ON ledger_postings;
DROP TRIGGER ledger_postings_tell ON ledger_postings;
DROP TRIGGER events_wait ON events;

CREATE TRIGGER nodes_tell_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (is_told_by_triggers()) EXECUTE FUNCTION tell_nodes();
CREATE TRIGGER nodes_refresh_market_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (is_told_by_triggers()) EXECUTE FUNCTION refresh_market_of_changed_nodes();
CREATE TRIGGER rentals_tell_insert AFTER INSERT ON rentals
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (is_told_by_triggers()) EXECUTE FUNCTION tell_rentals();
CREATE TRIGGER ledger_postings_continue_wallet BEFORE INSERT ON ledger_postings
    FOR EACH ROW WHEN (is_told_by_triggers()) EXECUTE FUNCTION continue_wallet();
CREATE TRIGGER ledger_postings_tell AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (is_told_by_triggers()) EXECUTE FUNCTION tell_wallets();
CREATE TRIGGER events_wait AFTER INSERT ON events
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (is_told_by_triggers()) EXECUTE FUNCTION let_events_wait();

-- 2. A foreign key is one look and one row lock for each row, 39,000 instructions, and rounds with one farmer in common lock the same row of
-- accounts together. start_rentals has just written, or holds the lock of, every row that it refers to. For everybody else triggers look once a statement, and none of the
-- rows that are referred to is ever deleted: accounts are held by their wallets.
ALTER TABLE rentals DROP CONSTRAINT rentals_renter_id_fkey, DROP CONSTRAINT rentals_node_id_fkey, DROP CONSTRAINT rentals_farmer_id_fkey;
ALTER TABLE slices DROP CONSTRAINT slices_rental_id_node_id_fkey;
ALTER TABLE rentals DROP CONSTRAINT rentals_id_node_id_key;
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_rental_id_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_account_id_fkey;

CREATE FUNCTION refuse_lost_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % could leave something without what it refers to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER nodes_stay BEFORE DELETE OR TRUNCATE ON nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_references();
CREATE TRIGGER rentals_stay BEFORE DELETE OR TRUNCATE ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_references();
CREATE TRIGGER rentals_keep_their_sides BEFORE UPDATE OF id, renter_id, node_id, farmer_id ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_references();
CREATE TRIGGER slices_are_taken_and_given_back BEFORE UPDATE ON slices FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_references();

CREATE FUNCTION refuse_rentals_of_nothing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost uuid := (SELECT id FROM after_rows AS rental
                  WHERE NOT EXISTS (SELECT FROM accounts WHERE id = rental.renter_id) OR NOT EXISTS (SELECT FROM accounts WHERE id = rental.farmer_id)
                     OR NOT EXISTS (SELECT FROM nodes WHERE id = rental.node_id) LIMIT 1);
BEGIN
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'rental % has no renter, farmer or node', lost
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'rentals_have_their_sides', TABLE = 'rentals';
    END IF;
    IF EXISTS (SELECT FROM after_rows AS rental WHERE NOT is_ended_for_a_reason(rental)) THEN
        RAISE EXCEPTION 'a rental has ended for no reason' USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_end_for_a_reason', TABLE = 'rentals';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER rentals_have_their_sides AFTER INSERT ON rentals
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT
    WHEN (is_told_by_triggers()) EXECUTE FUNCTION refuse_rentals_of_nothing();

CREATE FUNCTION refuse_slices_of_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM after_rows AS slice WHERE NOT EXISTS (SELECT FROM rentals WHERE id = slice.rental_id AND node_id = slice.node_id)) THEN
        RAISE EXCEPTION 'a slice is held by a rental of its node'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'slices_have_their_rental', TABLE = 'slices';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER slices_have_their_rental AFTER INSERT ON slices
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT
    WHEN (is_told_by_triggers()) EXECUTE FUNCTION refuse_slices_of_nobody();

-- start_rentals writes both sides of an entry from one amount; whoever writes postings one by one is checked, entry and rental included.
CREATE OR REPLACE FUNCTION refuse_unbalanced_entries() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    entry  uuid;
    total  numeric;
BEGIN
    SELECT entry_id, sum(amount) INTO entry, total FROM after_rows
    GROUP BY entry_id HAVING sum(amount) <> 0 OR NOT coalesce((
        SELECT rental_id IS NULL OR (SELECT id FROM rentals WHERE id = rental_id) IS NOT NULL FROM ledger_entries WHERE id = entry_id), false) LIMIT 1;
    IF total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % sums to %', entry, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'there is no ledger entry %, or not its rental', entry
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_postings_entry_id_fkey', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER ledger_entries_sum_to_zero ON ledger_postings;
CREATE TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT
    WHEN (is_told_by_triggers()) EXECUTE FUNCTION refuse_unbalanced_entries();

-- 3. The state in an event is text: nobody searches in it, and as json it was parsed once more only to be found well formed.
ALTER TABLE events ALTER COLUMN state TYPE text, ALTER COLUMN previous TYPE text;

-- A node and its farm as row_to_json writes them (a test compares), which looks up how to print each column each time.
CREATE FUNCTION node_json(node nodes, farm farms) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format(
        '{"id":%s,"farm_id":%s,"twin_id":%s,"country":%s,"country_code":%s,"region":%s,"city":%s,"latitude":%s,"longitude":%s,"status":"%s"'
        ',"certification":"%s","is_dedicated":%s,"rented_by_twin_id":%s,"is_healthy":%s,"gpu_count":%s,"gpus":%s,"features":%s,"total_cores":%s'
        ',"total_memory_bytes":%s,"total_ssd_bytes":%s,"total_hdd_bytes":%s,"used_cores":%s,"used_memory_bytes":%s,"used_ssd_bytes":%s,"used_hdd_bytes":%s'
        ',"upload_mbps":%s,"download_mbps":%s,"uptime_seconds":%s,"uptime_percent":%s,"serial_number":%s,"grid_created_at":%s,"last_report_at":%s'
        ',"capacity_as_of":%s,"missed_passes":%s,"is_vanished":%s,"farmer_id":%s,"is_published":%s,"price_per_slice":%s,"slice_capacity":%s'
        ',"allocated_slices":%s,"overcommitted_slices":%s,"free_slices":%s,"is_sellable":%s,"version":%s,"sync_sequence":%s,"farm":{"id":%s,"name":%s'
        ',"twin_id":%s,"certification":"%s","is_dedicated":%s,"public_ip_count":%s,"free_public_ip_count":%s,"stellar_address":%s,"owner_id":%s'
        ',"capacity_as_of":%s}}',
        node.id, node.farm_id, node.twin_id, coalesce(to_json(node.country)::text, 'null'), coalesce(to_json(node.country_code)::text, 'null'),
        coalesce(to_json(node.region)::text, 'null'), coalesce(to_json(node.city)::text, 'null'), coalesce(node.latitude::text, 'null'),
        coalesce(node.longitude::text, 'null'), node.status, node.certification, node.is_dedicated::text, coalesce(node.rented_by_twin_id::text, 'null'),
        node.is_healthy::text, node.gpu_count, node.gpus, to_json(node.features), node.total_cores, node.total_memory_bytes, node.total_ssd_bytes,
        node.total_hdd_bytes, node.used_cores, node.used_memory_bytes, node.used_ssd_bytes, node.used_hdd_bytes, coalesce(node.upload_mbps::text, 'null'),
        coalesce(node.download_mbps::text, 'null'), node.uptime_seconds, coalesce(node.uptime_percent::text, 'null'),
        coalesce(to_json(node.serial_number)::text, 'null'), coalesce(to_json(node.grid_created_at)::text, 'null'), to_json(node.last_report_at),
        to_json(node.capacity_as_of), node.missed_passes, node.is_vanished::text, coalesce('"' || node.farmer_id || '"', 'null'), node.is_published::text,
        node.price_per_slice, node.slice_capacity, node.allocated_slices, node.overcommitted_slices, node.free_slices, node.is_sellable::text, node.version,
        node.sync_sequence, farm.id, to_json(farm.name), farm.twin_id, farm.certification, farm.is_dedicated::text, farm.public_ip_count,
        farm.free_public_ip_count, coalesce(to_json(farm.stellar_address)::text, 'null'), coalesce('"' || farm.owner_id || '"', 'null'),
        to_json(farm.capacity_as_of))
$$;

-- 4. A round by columns. Arguments are arrays: of nodes, ascending; of wallets; of rentals, in the order in
-- which they were decided; and of slices by the rentals that get them, node by node.
-- The caller holds the row locks of the wallets and nodes and has decided by the rows it read. What it read is compared once more here, versions of nodes and last
-- postings of wallets, so that a caller who decided by something else changes nothing: MY001. The rest follows: both postings from one charge, the farmer from the node.
-- What grows with rentals is read by keys, and is written so that no plan can do otherwise: a plan from when tables were empty is kept until they are analysed anew.
-- unnest() of many arrays is a scan and a store of rows for each of them, hence the subscripts.
-- Returns how many events were numbered and the last number; nulls when somebody else is numbering, or deletes what is old: nobody is waited for, and the
-- events are left to the replica's stamper.
DROP FUNCTION start_rentals(bigint[], bigint[], jsonb, uuid[], uuid[], uuid[], uuid[], bigint[], integer);
CREATE FUNCTION start_rentals(
    node_ids bigint[], node_versions bigint[], node_slices integer[], node_rentals integer[],
    wallet_ids uuid[], wallet_sequences bigint[], wallet_balances bigint[],
    rental_ids uuid[], renter_ids uuid[], rental_nodes integer[], multipliers integer[], quantities integer[], prices bigint[], terms integer[],
    discounts integer[], charges bigint[], begins timestamptz, ends timestamptz[], ssh_keys text[], states text[],
    entry_ids uuid[], sequences bigint[], balances bigint[], slice_holders uuid[],
    batch integer, OUT stamped integer, OUT up_to bigint) LANGUAGE plpgsql
    SET mycelium.writer = 'start_rentals'
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    node_max    CONSTANT integer := cardinality(node_ids);
    rental_max  CONSTANT integer := cardinality(rental_ids);
    escrow      CONSTANT uuid := '00000000-0000-0000-0000-000000000002';
    changed     bigint[];
    farmers     uuid[];
    capacities  integer[];
    allocated   integer[];
    slice_nodes bigint[];
    numbers     integer[];
    told        bigint[];
    latest      bigint;
BEGIN
    WITH updated AS (
        UPDATE nodes SET allocated_slices = allocated_slices + node_slices[i], version = nodes.version + node_rentals[i]
        FROM generate_series(1, node_max) AS i
        WHERE nodes.id = node_ids[i] AND nodes.version = node_versions[i] AND is_sellable AND allocated_slices + node_slices[i] <= slice_capacity
        RETURNING nodes.id, farmer_id, slice_capacity, allocated_slices)
    SELECT array_agg(id ORDER BY id), array_agg(farmer_id ORDER BY id), array_agg(slice_capacity::integer ORDER BY id), array_agg(allocated_slices::integer ORDER BY id)
    INTO changed, farmers, capacities, allocated FROM updated;
    IF changed IS DISTINCT FROM node_ids THEN
        RAISE EXCEPTION 'of nodes % not all are as they were, with enough free slices', node_ids USING ERRCODE = 'MY001';
    END IF;

    UPDATE slice_combinations AS combination SET quantity_available = (capacities[i] - allocated[i]) / combination.multiplier
    FROM generate_series(1, node_max) AS i
    WHERE combination.node_id = node_ids[i] AND combination.quantity_available <> (capacities[i] - allocated[i]) / combination.multiplier;

    INSERT INTO rentals (
        id, renter_id, node_id, farmer_id, multiplier, quantity, slice_total, price_per_hour, hours, discount, paid, refunded, status, starts_at, ends_at,
        ssh_public_key, version)
    SELECT rental_ids[i], renter_ids[i], node_ids[rental_nodes[i]], farmers[rental_nodes[i]], multipliers[i], quantities[i], multipliers[i] * quantities[i],
           prices[i], terms[i], discounts[i], charges[i], 0, 'Active', begins, ends[i], ssh_keys[i], 1
    FROM generate_series(1, rental_max) AS i;

    -- The lowest free slices of each node, each asked for by its key. Where none has been given back that a later one still stands above, they begin where the count ends.
    SELECT array_agg(node_ids[i] ORDER BY i), array_agg(free.number ORDER BY i) INTO slice_nodes, numbers
    FROM generate_series(1, node_max) AS i
    CROSS JOIN LATERAL (
        SELECT number
        FROM (SELECT generate_series(
                CASE WHEN EXISTS (SELECT FROM slices WHERE node_id = node_ids[i] AND slice_index >= allocated[i] - node_slices[i]) THEN 0 ELSE allocated[i] - node_slices[i] END,
                capacities[i] - 1) AS number) AS candidate
        WHERE (SELECT slice_index FROM slices WHERE node_id = node_ids[i] AND slice_index = number) IS NULL
        LIMIT node_slices[i]) AS free;
    IF cardinality(numbers) IS DISTINCT FROM cardinality(slice_holders) THEN
        RAISE EXCEPTION 'nodes % gave % slices of %', node_ids, cardinality(numbers), cardinality(slice_holders) USING ERRCODE = 'MY001';
    END IF;
    INSERT INTO slices (node_id, slice_index, rental_id) SELECT slice_nodes[i], numbers[i], slice_holders[i] FROM generate_series(1, cardinality(slice_holders)) AS i;

    -- Two who continue a wallet from the same posting draw the same number: the second fails.
    IF EXISTS (
        SELECT FROM generate_series(1, cardinality(wallet_ids)) AS i
        WHERE wallet_balances[i] IS DISTINCT FROM CASE WHEN wallet_sequences[i] = 0 THEN 0 ELSE (
            SELECT balance_after FROM ledger_postings WHERE account_id = wallet_ids[i] AND sequence = wallet_sequences[i]) END) THEN
        RAISE EXCEPTION 'of the wallets % not all are as they were', wallet_ids USING ERRCODE = 'MY001';
    END IF;
    INSERT INTO ledger_entries (id, kind, rental_id) SELECT entry_ids[i], 'RentalCharge', rental_ids[i] FROM generate_series(1, rental_max) AS i WHERE charges[i] > 0;
    INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
    SELECT entry_ids[i], renter_ids[i], -charges[i], sequences[i], balances[i] FROM generate_series(1, rental_max) AS i WHERE charges[i] > 0
    UNION ALL
    SELECT entry_ids[i], escrow, charges[i], NULL, NULL FROM generate_series(1, rental_max) AS i WHERE charges[i] > 0;

    WITH told_here AS (
        INSERT INTO events (kind, reason, node_id, rental_id, account_id, farmer_id, state, previous)
        SELECT 'NODE', 'SlicesRented', node.id, NULL::uuid, NULL::uuid, node.farmer_id, node_json(node, farm),
               format('{"allocated_slices":%s,"free_slices":%s,"version":%s}', node.allocated_slices - node_slices[i], node.free_slices + node_slices[i], node_versions[i])
        FROM generate_series(1, node_max) AS i JOIN nodes AS node ON node.id = node_ids[i] JOIN farms AS farm ON farm.id = node.farm_id
        UNION ALL
        SELECT 'RENTAL', 'RentalStarted', node_ids[rental_nodes[i]], rental_ids[i], renter_ids[i], farmers[rental_nodes[i]], states[i], NULL
        FROM generate_series(1, rental_max) AS i
        UNION ALL
        SELECT 'WALLET', 'RentalCharged', NULL, rental_ids[i], renter_ids[i], NULL,
               format('{"account_id":"%s","balance":%s,"amount":%s,"rental_id":"%s","sequence":%s}', renter_ids[i], balances[i], -charges[i], rental_ids[i], sequences[i]),
               format('{"balance":%s}', balances[i] + charges[i])
        FROM generate_series(1, rental_max) AS i WHERE charges[i] > 0
        RETURNING id)
    SELECT array_agg(id ORDER BY id) INTO told FROM told_here;

    -- Last, because the lock is held until the commit, which is on its way.
    IF pg_try_advisory_xact_lock(7301977001) THEN
        SELECT last_seq INTO latest FROM event_counter FOR NO KEY UPDATE SKIP LOCKED;
    END IF;
    IF latest IS NULL THEN
        INSERT INTO events_waiting (event_ids) VALUES (told);
    ELSIF EXISTS (SELECT FROM events_waiting) THEN
        -- Others' come first, where they are older.
        INSERT INTO events_waiting (event_ids) VALUES (told);
        SELECT number.stamped, number.up_to INTO stamped, up_to FROM number_waiting_events(batch) AS number;
    ELSE
        INSERT INTO event_numbers (seq, event_id) SELECT latest + i, told[i] FROM generate_series(1, cardinality(told)) AS i;
        stamped := cardinality(told);
        up_to := latest + stamped;
        UPDATE event_counter SET last_seq = up_to;
    END IF;
END $$;
