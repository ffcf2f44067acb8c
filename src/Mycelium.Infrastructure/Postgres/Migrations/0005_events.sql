-- Every committed change, written by triggers in the transaction of the change: no writer can forget one, and none is told that was rolled back.

CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq         bigint UNIQUE,                          -- null until stamped; then dense, in the order in which changes became visible
    kind        text NOT NULL CHECK (kind IN ('NODE', 'RENTAL', 'WALLET')),
    reason      text NOT NULL,
    node_id     bigint,
    rental_id   uuid,
    account_id  uuid,                                   -- the renter of a rental, the owner of a wallet
    farmer_id   uuid,
    state       jsonb NOT NULL,                         -- the whole row after the change; of a node with its farm under "farm"
    previous    jsonb,                                  -- of the columns that differ, what they were before; null when the row is new
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What waits for its number: nearly always empty.
CREATE INDEX events_unstamped ON events (id) WHERE seq IS NULL;

-- One row. A cursor of another epoch belongs to a database that is gone. Events first_seq to last_seq are there, without a gap.
CREATE TABLE event_counter (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch      uuid NOT NULL DEFAULT gen_random_uuid(),
    first_seq  bigint NOT NULL DEFAULT 1,
    last_seq   bigint NOT NULL DEFAULT 0 CHECK (last_seq >= first_seq - 1)
);

INSERT INTO event_counter DEFAULT VALUES;

-- Numbers committed events. Ids are drawn before commit, so a reader that goes by id overtakes a slow writer and loses its event (measured: one in
-- five with 16 writers). Here one transaction at a time numbers what is visible, so what becomes visible later gets a higher number.
-- Returns how many were numbered and the last number; nothing when another one is at it, which will see what this one saw or leave it to the next.
-- The lock ends with the transaction: a stopped stamper is ended by idle_in_transaction_session_timeout or statement_timeout.
CREATE FUNCTION stamp_events(batch integer) RETURNS TABLE (stamped integer, up_to bigint) LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(7301977001) THEN
        RETURN;
    END IF;
    SELECT last_seq INTO latest FROM event_counter FOR NO KEY UPDATE;

    UPDATE events SET seq = latest + numbered.position
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS position
          FROM (SELECT id FROM events WHERE seq IS NULL ORDER BY id LIMIT batch) AS waiting) AS numbered
    WHERE events.id = numbered.id;
    GET DIAGNOSTICS stamped = ROW_COUNT;

    up_to := latest + stamped;
    IF stamped > 0 THEN
        UPDATE event_counter SET last_seq = up_to;
    END IF;
    RETURN NEXT;
END $$;

-- Deletes the oldest events that are older than an instant, at most so many, always from the low end, so that what is left has no gap.
CREATE FUNCTION forget_events(older_than timestamptz, batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    low   bigint;
    high  bigint;
BEGIN
    SELECT first_seq INTO low FROM event_counter FOR NO KEY UPDATE;
    SELECT max(seq) INTO high FROM events WHERE seq >= low AND seq < low + batch AND created_at < older_than;
    -- A younger event below an older one stops the deletion: numbers follow commits, instants do not.
    SELECT coalesce(min(seq) - 1, high) INTO high FROM events WHERE seq >= low AND seq <= high AND created_at >= older_than;
    IF high IS NULL OR high < low THEN
        RETURN 0;
    END IF;
    DELETE FROM events WHERE seq >= low AND seq <= high;
    UPDATE event_counter SET first_seq = high + 1;
    RETURN high - low + 1;
END $$;

-- Of the columns that differ, what they were before.
CREATE FUNCTION columns_before(was jsonb, now_is jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(was) WHERE now_is -> key IS DISTINCT FROM value
$$;

-- Nodes: a change is told when the version has grown; instants and counters that move with every report are not a change.
-- The reason follows from what differs: the first that holds. Names are those of the C# enum EventReason.
CREATE FUNCTION tell_nodes() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO events (kind, reason, node_id, farmer_id, state)
        SELECT 'NODE', 'NodeDiscovered', node.id, node.farmer_id, to_jsonb(node) || jsonb_build_object('farm', to_jsonb(farm))
        FROM after_rows AS node JOIN farms AS farm ON farm.id = node.farm_id
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
               node.id, node.farmer_id, to_jsonb(node) || jsonb_build_object('farm', to_jsonb(farm)), columns_before(to_jsonb(was), to_jsonb(node))
        FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id JOIN farms AS farm ON farm.id = node.farm_id
        WHERE node.version <> was.version
        ORDER BY node.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER nodes_tell_insert AFTER INSERT ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_nodes();
CREATE TRIGGER nodes_tell_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_nodes();

-- A farm is told with its nodes: each of them has changed in what it inherits. The nodes are locked first, so that a rental that began meanwhile is
-- in their state.
CREATE FUNCTION tell_nodes_of_farms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[] := ARRAY(
        SELECT farm.id FROM after_rows AS farm JOIN before_rows AS was ON was.id = farm.id
        WHERE to_jsonb(farm) - 'capacity_as_of' <> to_jsonb(was) - 'capacity_as_of');
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM FROM nodes WHERE farm_id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
        INSERT INTO events (kind, reason, node_id, farmer_id, state, previous)
        SELECT 'NODE', 'FarmChanged', node.id, node.farmer_id, to_jsonb(node) || jsonb_build_object('farm', to_jsonb(farm)),
               jsonb_build_object('farm', to_jsonb(was))
        FROM nodes AS node JOIN after_rows AS farm ON farm.id = node.farm_id JOIN before_rows AS was ON was.id = farm.id
        WHERE node.farm_id = ANY (changed)
        ORDER BY node.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER farms_tell_update AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_nodes_of_farms();

CREATE FUNCTION tell_rentals() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO events (kind, reason, node_id, rental_id, account_id, farmer_id, state)
        SELECT 'RENTAL', 'RentalStarted', rental.node_id, rental.id, rental.renter_id, rental.farmer_id, to_jsonb(rental)
        FROM after_rows AS rental
        ORDER BY rental.id;
    ELSE
        INSERT INTO events (kind, reason, node_id, rental_id, account_id, farmer_id, state, previous)
        SELECT 'RENTAL',
               CASE rental.status WHEN 'Cancelled' THEN 'RentalCancelled' WHEN 'Expired' THEN 'RentalExpired' ELSE 'RentalChanged' END,
               rental.node_id, rental.id, rental.renter_id, rental.farmer_id, to_jsonb(rental), columns_before(to_jsonb(was), to_jsonb(rental))
        FROM after_rows AS rental JOIN before_rows AS was ON was.id = rental.id
        WHERE rental.version <> was.version
        ORDER BY rental.id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER rentals_tell_insert AFTER INSERT ON rentals
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_rentals();
CREATE TRIGGER rentals_tell_update AFTER UPDATE ON rentals
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_rentals();

CREATE FUNCTION tell_wallets() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    INSERT INTO events (kind, reason, rental_id, account_id, state, previous)
    SELECT 'WALLET',
           CASE entry.kind WHEN 'Deposit' THEN 'FundsDeposited' WHEN 'RentalCharge' THEN 'RentalCharged' ELSE 'RentalSettled' END,
           entry.rental_id, posting.account_id,
           jsonb_build_object('account_id', posting.account_id, 'balance', posting.balance_after, 'amount', posting.amount,
                              'rental_id', entry.rental_id, 'sequence', posting.sequence),
           jsonb_build_object('balance', posting.balance_after - posting.amount)
    FROM after_rows AS posting JOIN ledger_entries AS entry ON entry.id = posting.entry_id
    WHERE posting.sequence IS NOT NULL
    ORDER BY posting.account_id, posting.sequence;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_postings_tell AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION tell_wallets();
