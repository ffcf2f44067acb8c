-- definition 1
-- A reservation holds its slices until it ends, and ends once: with a rental of its account, or with its slices free.
CREATE OR REPLACE FUNCTION refuse_change_of_reservation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of reservations is refused: a reservation keeps what it holds and ends once', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = 'reservations';
END $$;

CREATE OR REPLACE TRIGGER reservations_begin_held BEFORE INSERT ON reservations
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION refuse_change_of_reservation();
CREATE OR REPLACE TRIGGER reservations_end_once BEFORE UPDATE ON reservations
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL) EXECUTE FUNCTION refuse_change_of_reservation();
CREATE OR REPLACE TRIGGER reservations_keep_what_they_hold
    BEFORE UPDATE OF id, account_id, node_id, multiplier, quantity, slice_total, created_at, expires_at ON reservations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_reservation();

CREATE OR REPLACE FUNCTION refuse_half_a_reservation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM reservations AS held
               WHERE id = NEW.id AND ((ended_at IS NULL) <> EXISTS (SELECT FROM slices WHERE reservation_id = held.id)
                   OR rental_id IS NOT NULL AND NOT EXISTS (SELECT FROM rentals WHERE id = held.rental_id AND renter_id = held.account_id)))
    THEN
        RAISE EXCEPTION 'reservation % is not whole', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reservations_are_whole', TABLE = 'reservations';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS reservations_are_whole ON reservations; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER reservations_are_whole AFTER INSERT OR UPDATE ON reservations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_half_a_reservation();

-- Ended rows are kept for some days, for requests that are sent again, and are deleted by this function alone. One that still holds slices
-- cannot be deleted: its slices refer to it.
CREATE OR REPLACE FUNCTION prune_reservations(age interval, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    pruned  integer;
BEGIN
    DELETE FROM reservations WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM reservations WHERE ended_at < (SELECT market_now() - greatest(age, interval '1 hour')) LIMIT batch FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS pruned = ROW_COUNT;
    RETURN pruned;
END $$;
