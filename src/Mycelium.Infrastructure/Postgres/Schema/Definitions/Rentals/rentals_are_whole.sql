-- definition 1
-- At the end of the transaction that begins or ends a rental it is whole, whoever wrote it: an active rental holds its slices and an ended one none, and the
-- ledger has its charge and, once it has ended, its settlement. How many slices and how much money is checked where these are written (count_slices,
-- check_ledger_entries), so presence is enough here.
CREATE OR REPLACE FUNCTION refuse_half_a_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    rental   rentals;
    missing  text;
BEGIN
    SELECT * INTO rental FROM rentals WHERE id = NEW.id; -- As it is now: it may have begun and ended in one transaction.
    missing := CASE
        WHEN (rental.status = 'Active') <> EXISTS (SELECT FROM slices WHERE rental_id = rental.id) THEN 'slices'
        WHEN rental.paid > 0 AND NOT EXISTS (SELECT FROM ledger_entries WHERE rental_id = rental.id AND kind = 'RentalCharge') THEN 'charge'
        WHEN rental.paid > 0 AND rental.status <> 'Active'
            AND NOT EXISTS (SELECT FROM ledger_entries WHERE rental_id = rental.id AND kind = 'RentalSettlement') THEN 'settlement' END;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'rental % (%) is not whole: %', rental.id, rental.status, missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_are_whole', TABLE = 'rentals';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS rentals_are_whole ON rentals; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER rentals_are_whole AFTER INSERT OR UPDATE OF status ON rentals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_half_a_rental();
