-- definition 1
-- At the end of the transaction that begins or ends a rental it is whole, whoever wrote it: an active rental holds its slices and an ended one none, and money
-- moved for its charge and, once it has ended, its settlement. How many slices and how much money is checked where these are written (count_slices,
-- check_ledger_entries), so presence is enough here. The rental is looked at as it is now: it may have begun and ended in one transaction.
CREATE OR REPLACE FUNCTION refuse_half_a_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    missing  text := (
        SELECT CASE
            WHEN (rental.status = 'Active') <> EXISTS (SELECT FROM slices WHERE rental_id = rental.id) THEN 'slices'
            WHEN rental.paid > 0 AND (
                SELECT count(*) FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id
                WHERE entry.rental_id = rental.id AND posting.account_id = '00000000-0000-0000-0000-000000000002'
            ) <> CASE rental.status WHEN 'Active' THEN 1 ELSE 2 END THEN 'charge or settlement' END
        FROM rentals AS rental WHERE rental.id = NEW.id);
BEGIN
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'rental % is not whole: %', NEW.id, missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_are_whole', TABLE = 'rentals';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS rentals_are_whole ON rentals; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER rentals_are_whole AFTER INSERT OR UPDATE OF status ON rentals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_half_a_rental();
