-- definition 2
-- Slices are taken and given back by whole rentals, and nodes.allocated_slices is their count: it changes here and nowhere else, so neither can be wrong while
-- the other is right.
CREATE OR REPLACE FUNCTION count_taken_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    torn  uuid;
BEGIN
    SELECT taken.rental_id INTO torn
    FROM (SELECT rental_id, node_id, max(slice_index) AS highest FROM after_rows GROUP BY rental_id, node_id) AS taken
    CROSS JOIN LATERAL (SELECT farmer_id, slice_capacity FROM nodes WHERE id = taken.node_id OFFSET 0) AS node
    WHERE taken.highest >= node.slice_capacity OR NOT coalesce((
        SELECT status = 'Active' AND node_id = taken.node_id AND farmer_id = node.farmer_id
           AND slice_total = (SELECT count(*) FROM slices WHERE rental_id = taken.rental_id)
        FROM rentals WHERE id = taken.rental_id), false)
    LIMIT 1;
    IF torn IS NOT NULL THEN
        RAISE EXCEPTION 'rental % takes all of its slices at once, of those that its node and farmer have', torn
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_are_of_whole_rentals', TABLE = 'slices';
    END IF;
    UPDATE nodes SET allocated_slices = allocated_slices + taken.slices, version = version + taken.rentals
    FROM (SELECT node_id, count(*) AS slices, count(DISTINCT rental_id) AS rentals FROM after_rows GROUP BY node_id) AS taken
    WHERE nodes.id = taken.node_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER slices_taken AFTER INSERT ON slices
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION count_taken_slices();

CREATE OR REPLACE FUNCTION count_returned_slices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM before_rows AS returned WHERE (SELECT status FROM rentals WHERE id = returned.rental_id) = 'Active') THEN
        RAISE EXCEPTION 'a rental gives its slices back when it has ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_are_of_whole_rentals', TABLE = 'slices';
    END IF;
    UPDATE nodes SET allocated_slices = allocated_slices - returned.slices, version = version + returned.rentals
    FROM (SELECT node_id, count(*) AS slices, count(DISTINCT rental_id) AS rentals FROM before_rows GROUP BY node_id) AS returned
    WHERE nodes.id = returned.node_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER slices_returned AFTER DELETE ON slices
    REFERENCING OLD TABLE AS before_rows FOR EACH STATEMENT EXECUTE FUNCTION count_returned_slices();

CREATE OR REPLACE FUNCTION refuse_change_of_slices() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'slices are taken and given back, never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'slices_never_change', TABLE = 'slices';
END $$;

CREATE OR REPLACE TRIGGER slices_never_change BEFORE UPDATE OR TRUNCATE ON slices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_slices();
