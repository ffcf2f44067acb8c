-- definition 3
-- The last line against overbooking, whoever writes: allocation grows only on a node that sells, and never beyond its capacity. A CHECK would forbid the sync to
-- record that a node shrank below what is rented, so the step is refused and not the state.
CREATE OR REPLACE FUNCTION refuse_overbooking() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'node % has % slices and sells: %; % cannot be allocated', NEW.id, NEW.slice_capacity, OLD.is_sellable, NEW.allocated_slices
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_never_overbooked', TABLE = 'nodes';
END $$;

CREATE OR REPLACE TRIGGER nodes_never_overbooked BEFORE UPDATE OF allocated_slices ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices > OLD.allocated_slices AND (NEW.allocated_slices > NEW.slice_capacity OR NOT OLD.is_sellable))
    EXECUTE FUNCTION refuse_overbooking();

-- What is allocated is counted from the table slices (count_slices), and written by nothing else: a statement that is not inside that trigger is refused.
CREATE OR REPLACE FUNCTION refuse_uncounted_slices() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'allocated slices of node % follow from the table slices', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_count_their_slices', TABLE = 'nodes';
END $$;

CREATE OR REPLACE TRIGGER nodes_count_their_slices BEFORE UPDATE OF allocated_slices, reserved_slices, whole_rental_id ON nodes
    FOR EACH ROW WHEN ((NEW.allocated_slices <> OLD.allocated_slices OR NEW.reserved_slices <> OLD.reserved_slices
        OR NEW.whole_rental_id IS DISTINCT FROM OLD.whole_rental_id) AND pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_uncounted_slices();
CREATE OR REPLACE TRIGGER nodes_begin_without_slices BEFORE INSERT ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices <> 0 OR NEW.reserved_slices <> 0 OR NEW.whole_rental_id IS NOT NULL) EXECUTE FUNCTION refuse_uncounted_slices();
