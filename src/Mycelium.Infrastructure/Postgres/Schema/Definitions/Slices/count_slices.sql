-- definition 4
-- Slices are taken and given back by whole rentals and reservations. nodes.allocated_slices is their count and nodes.reserved_slices the count of those that a
-- reservation holds, and nodes.whole_rental_id the rental that has taken all of them at once: they change here and nowhere else, so neither can be wrong while the other is right.
CREATE OR REPLACE FUNCTION count_taken_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    torn   uuid;
    whole  uuid := (SELECT id FROM rentals WHERE id = (SELECT rental_id FROM after_rows LIMIT 1) AND kind = 'WholeNode');
BEGIN
    SELECT taken.holder_id INTO torn
    FROM (SELECT coalesce(rental_id, reservation_id) AS holder_id, rental_id, reservation_id, node_id, max(slice_index) AS highest
          FROM after_rows GROUP BY rental_id, reservation_id, node_id) AS taken
    CROSS JOIN LATERAL (SELECT farmer_id, slice_capacity FROM nodes WHERE id = taken.node_id OFFSET 0) AS node
    WHERE taken.highest >= node.slice_capacity OR NOT coalesce(CASE
        WHEN taken.rental_id IS NOT NULL THEN (
            SELECT status IN ('Active', 'Provisioning') AND node_id = taken.node_id AND farmer_id = node.farmer_id
               AND slice_total = (SELECT count(*) FROM slices WHERE rental_id = taken.rental_id)
            FROM rentals WHERE id = taken.rental_id)
        ELSE (
            SELECT ended_at IS NULL AND node_id = taken.node_id
               AND slice_total = (SELECT count(*) FROM slices WHERE reservation_id = taken.reservation_id)
            FROM reservations WHERE id = taken.reservation_id) END, false)
    LIMIT 1;
    IF torn IS NOT NULL THEN
        RAISE EXCEPTION 'rental or reservation % takes all of its slices at once, of those that its node and farmer have', torn
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_are_of_whole_rentals', TABLE = 'slices';
    END IF;
    -- A whole node is taken while it is empty, all of it, by a statement that takes nothing else.
    IF whole IS NOT NULL AND (
        EXISTS (SELECT FROM after_rows WHERE rental_id IS DISTINCT FROM whole)
        OR NOT EXISTS (SELECT FROM nodes JOIN rentals AS rental ON rental.id = whole AND rental.node_id = nodes.id
                       WHERE allocated_slices = 0 AND slice_capacity = slice_total))
    THEN
        RAISE EXCEPTION 'rental % takes all slices of an empty node', whole
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_are_rented_whole', TABLE = 'slices';
    END IF;
    UPDATE nodes SET allocated_slices = allocated_slices + taken.slices, reserved_slices = reserved_slices + taken.reserved, version = version + taken.holders,
        whole_rental_id = coalesce(whole, whole_rental_id)
    FROM (SELECT node_id, count(*) AS slices, count(reservation_id) AS reserved, count(DISTINCT coalesce(rental_id, reservation_id)) AS holders
          FROM after_rows GROUP BY node_id) AS taken
    WHERE nodes.id = taken.node_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER slices_taken AFTER INSERT ON slices
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_taken_slices();

CREATE OR REPLACE FUNCTION count_returned_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM before_rows AS returned
               WHERE (SELECT ended_at IS NULL FROM rentals WHERE id = returned.rental_id) OR (SELECT ended_at IS NULL FROM reservations WHERE id = returned.reservation_id))
    THEN
        RAISE EXCEPTION 'a rental or reservation gives its slices back when it has ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_are_of_whole_rentals', TABLE = 'slices';
    END IF;
    UPDATE nodes SET allocated_slices = allocated_slices - returned.slices, reserved_slices = reserved_slices - returned.reserved, version = version + returned.holders,
        whole_rental_id = CASE WHEN NOT EXISTS (SELECT FROM before_rows WHERE rental_id = nodes.whole_rental_id) THEN whole_rental_id END
    FROM (SELECT node_id, count(*) AS slices, count(reservation_id) AS reserved, count(DISTINCT coalesce(rental_id, reservation_id)) AS holders
          FROM before_rows GROUP BY node_id) AS returned
    WHERE nodes.id = returned.node_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER slices_returned AFTER DELETE ON slices
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION count_returned_slices();

CREATE OR REPLACE FUNCTION refuse_change_of_slices() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'slices are taken and given back, and change hands from a reservation to its rental alone'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_never_change', TABLE = 'slices';
END $$;

-- The one change: a reservation that was rented hands all of its slices to its rental, without their being free in between.
CREATE OR REPLACE FUNCTION count_handed_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM before_rows AS was JOIN after_rows AS handed USING (node_id, slice_index)
        WHERE NOT coalesce((
            SELECT held.rental_id = handed.rental_id AND rental.slice_total = held.slice_total AND rental.node_id = held.node_id AND rental.renter_id = held.account_id
               AND rental.farmer_id = (SELECT farmer_id FROM nodes WHERE id = rental.node_id)
               AND NOT EXISTS (SELECT FROM slices WHERE reservation_id = held.id)
            FROM reservations AS held JOIN rentals AS rental ON rental.id = held.rental_id WHERE held.id = was.reservation_id), false))
        OR (SELECT count(*) FROM before_rows) <> (SELECT count(*) FROM before_rows JOIN after_rows USING (node_id, slice_index))
    THEN
        RAISE EXCEPTION 'a reservation hands all of its slices to its rental'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_are_of_whole_rentals', TABLE = 'slices';
    END IF;
    UPDATE nodes SET reserved_slices = reserved_slices - handed.slices, version = version + handed.rentals
    FROM (SELECT node_id, count(*) AS slices, count(DISTINCT rental_id) AS rentals FROM after_rows GROUP BY node_id) AS handed
    WHERE nodes.id = handed.node_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER slices_never_change BEFORE TRUNCATE ON slices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_slices();
CREATE OR REPLACE TRIGGER slices_change_hands BEFORE UPDATE ON slices
    FOR EACH ROW WHEN (OLD.reservation_id IS NULL OR NEW.rental_id IS NULL OR NEW.reservation_id IS NOT NULL OR NEW.node_id <> OLD.node_id OR NEW.slice_index <> OLD.slice_index)
    EXECUTE FUNCTION refuse_change_of_slices();
CREATE OR REPLACE TRIGGER slices_handed AFTER UPDATE ON slices
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_handed_slices();
