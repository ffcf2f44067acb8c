-- definition 1
-- Whoever writes: an entry gets all its postings in one statement and they sum to zero; a rental is charged exactly what it paid, into escrow, and settled with
-- exactly that, out of escrow, once it has ended.
CREATE OR REPLACE FUNCTION check_ledger_entries() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wrong  record;
BEGIN
    SELECT posted.entry_id, posted.total INTO wrong
    FROM (SELECT entry_id, sum(amount) AS total,
                 coalesce(sum(amount) FILTER (WHERE account_id = '00000000-0000-0000-0000-000000000002'), 0) AS into_escrow
          FROM after_rows GROUP BY entry_id) AS posted
    WHERE posted.total <> 0 OR NOT coalesce((
        SELECT CASE entry.kind
            WHEN 'Deposit' THEN posted.into_escrow = 0
            WHEN 'RentalCharge' THEN (SELECT posted.into_escrow = paid FROM rentals WHERE id = entry.rental_id)
            WHEN 'RentalSettlement' THEN (SELECT posted.into_escrow = -paid AND status <> 'Active' FROM rentals WHERE id = entry.rental_id) END
        FROM ledger_entries AS entry WHERE entry.id = posted.entry_id), false)
    LIMIT 1;
    IF wrong.total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % sums to %', wrong.entry_id, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    ELSIF wrong.entry_id IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % moves another amount through escrow than its rental paid', wrong.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow_rentals', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION check_ledger_entries();

-- An entry is never without postings. Of a rental's entries that follows: there is one charge and one settlement, each comes with the rental's beginning and end,
-- and rentals_are_whole looks for their postings.
CREATE OR REPLACE FUNCTION refuse_empty_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_postings WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger entry % has no postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_have_postings', TABLE = 'ledger_entries';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS ledger_entries_have_postings ON ledger_entries; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER ledger_entries_have_postings AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.rental_id IS NULL) EXECUTE FUNCTION refuse_empty_entry();

CREATE OR REPLACE FUNCTION refuse_entry_of_no_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lost  uuid := (
        SELECT entry.id FROM after_rows AS entry
        WHERE entry.rental_id IS NOT NULL AND NOT coalesce((
            SELECT paid > 0 AND (entry.kind = 'RentalCharge' OR status <> 'Active') FROM rentals WHERE id = entry.rental_id), false) LIMIT 1);
BEGIN
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % is of a rental that paid nothing, or has not ended', lost
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow_rentals', TABLE = 'ledger_entries';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entries_follow_rentals AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_entry_of_no_change();
