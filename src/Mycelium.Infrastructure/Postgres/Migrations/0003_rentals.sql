CREATE TABLE rentals (
    id              uuid PRIMARY KEY,
    renter_id       uuid NOT NULL REFERENCES accounts,
    node_id         bigint NOT NULL REFERENCES nodes,
    farmer_id       uuid NOT NULL REFERENCES accounts,
    multiplier      integer NOT NULL CHECK (multiplier > 0),
    quantity        integer NOT NULL CHECK (quantity > 0),
    slice_total     integer NOT NULL CHECK (slice_total = multiplier * quantity),
    price_per_hour  bigint NOT NULL CHECK (price_per_hour >= 0),
    hours           integer NOT NULL CHECK (hours BETWEEN 1 AND 8760),
    discount        integer NOT NULL CHECK (discount BETWEEN 0 AND 10000),
    paid            bigint NOT NULL CHECK (paid >= 0),
    refunded        bigint NOT NULL CHECK (refunded BETWEEN 0 AND paid),
    status          text NOT NULL CHECK (status IN ('Active', 'Cancelled', 'Expired')),
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,               -- half-open: at this instant the slices are free
    ended_at        timestamptz,
    end_reason      text CHECK (end_reason IN ('CancelledByRenter', 'TermEnded')),
    ssh_public_key  text NOT NULL,
    version         bigint NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK (ended_at BETWEEN starts_at AND ends_at),
    CHECK ((status = 'Active') = (ended_at IS NULL)),
    CHECK ((status = 'Cancelled') = (end_reason IS NOT DISTINCT FROM 'CancelledByRenter')),
    CHECK ((status = 'Expired') = (end_reason IS NOT DISTINCT FROM 'TermEnded')),
    CHECK (status <> 'Expired' OR refunded = 0),
    UNIQUE (id, node_id)                                -- for slices: a slice's rental is of the slice's node
);

CREATE INDEX rentals_by_renter ON rentals (renter_id, id);
CREATE INDEX rentals_by_farmer ON rentals (farmer_id, id);
CREATE INDEX rentals_by_node ON rentals (node_id, id);
-- What the expiry pass reads; ended rentals leave it, so it stays as small as the business of the day.
CREATE INDEX rentals_ending ON rentals (ends_at) WHERE status = 'Active';

-- One numbered base slice that a rental holds; a free slice has no row. The primary key is the promise: a slice has one holder.
CREATE TABLE slices (
    node_id      bigint NOT NULL,
    slice_index  integer NOT NULL CHECK (slice_index >= 0),
    rental_id    uuid NOT NULL,
    PRIMARY KEY (node_id, slice_index),
    FOREIGN KEY (rental_id, node_id) REFERENCES rentals (id, node_id)
);

CREATE INDEX slices_by_rental ON slices (rental_id);

-- An ended rental is history.
CREATE FUNCTION refuse_change_of_ended_rental() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rental % has ended and does not change any more', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_end_once', TABLE = 'rentals';
END $$;

CREATE TRIGGER rentals_end_once BEFORE UPDATE ON rentals
    FOR EACH ROW WHEN (OLD.status <> 'Active') EXECUTE FUNCTION refuse_change_of_ended_rental();

-- Takes the slices of new rentals of one node, or fails as a whole. The caller holds the node's row lock and has decided by the row it read; the
-- conditional update decides again, so that a caller who decided by something else changes nothing.
-- MY001: the node is not as the caller believed.
-- Here and in the triggers of the same path plans are generic: PostgreSQL overestimates what it does not know (a series, an array, a JSON document) and
-- would plan every call anew, which took as long as the call (measured with one caller: 3.2 ms a rental, and 1.9 ms with generic plans).
CREATE FUNCTION start_rentals(on_node bigint, expected_version bigint, new_rentals jsonb) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    wanted   integer;
    started  integer;
    capacity integer;
    held     integer;
BEGIN
    SELECT count(*), sum((rental ->> 'slice_total')::integer) INTO started, wanted FROM jsonb_array_elements(new_rentals) AS rental;

    UPDATE nodes SET allocated_slices = allocated_slices + wanted, version = version + started
    WHERE id = on_node AND version = expected_version AND is_sellable AND allocated_slices + wanted <= slice_capacity
    RETURNING slice_capacity INTO capacity;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'node % has changed, or has not % free slices', on_node, wanted USING ERRCODE = 'MY001';
    END IF;

    INSERT INTO rentals SELECT * FROM jsonb_populate_recordset(NULL::rentals, new_rentals);

    WITH free AS (
        SELECT number, row_number() OVER (ORDER BY number) AS position
        FROM generate_series(0, capacity - 1) AS number
        WHERE NOT EXISTS (SELECT FROM slices WHERE node_id = on_node AND slice_index = number)
    ), takers AS (
        SELECT id, slice_total, sum(slice_total) OVER (ORDER BY id) AS up_to FROM jsonb_populate_recordset(NULL::rentals, new_rentals)
    )
    INSERT INTO slices (node_id, slice_index, rental_id)
    SELECT on_node, free.number, takers.id
    FROM takers JOIN free ON free.position > takers.up_to - takers.slice_total AND free.position <= takers.up_to;

    GET DIAGNOSTICS held = ROW_COUNT;
    IF held <> wanted THEN
        RAISE EXCEPTION 'node % gave % of % slices', on_node, held, wanted USING ERRCODE = 'MY001';
    END IF;
END $$;

-- Writes rentals that ended and gives their slices back, or fails as a whole. The caller holds the row locks of the rentals and their nodes.
CREATE FUNCTION end_rentals(ended_rentals jsonb) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    expected  integer := jsonb_array_length(ended_rentals);
    changed   integer;
    released  integer;
    total     integer;
BEGIN
    UPDATE rentals
    SET status = ended.status, ended_at = ended.ended_at, end_reason = ended.end_reason, refunded = ended.refunded, version = ended.version
    FROM jsonb_populate_recordset(NULL::rentals, ended_rentals) AS ended
    WHERE rentals.id = ended.id AND rentals.version = ended.version - 1;
    GET DIAGNOSTICS changed = ROW_COUNT;
    IF changed <> expected THEN
        RAISE EXCEPTION '% of % rentals have changed meanwhile', expected - changed, expected USING ERRCODE = 'MY001';
    END IF;

    DELETE FROM slices USING jsonb_populate_recordset(NULL::rentals, ended_rentals) AS ended WHERE slices.rental_id = ended.id;
    GET DIAGNOSTICS released = ROW_COUNT;
    SELECT sum(slice_total) INTO total FROM jsonb_populate_recordset(NULL::rentals, ended_rentals);
    IF released <> total THEN
        RAISE EXCEPTION '% slices were held instead of %', released, total USING ERRCODE = 'data_corrupted';
    END IF;

    UPDATE nodes SET allocated_slices = allocated_slices - ended.slices, version = version + ended.rentals
    FROM (SELECT node_id, sum(slice_total) AS slices, count(*) AS rentals
          FROM jsonb_populate_recordset(NULL::rentals, ended_rentals) GROUP BY node_id) AS ended
    WHERE nodes.id = ended.node_id;
END $$;
