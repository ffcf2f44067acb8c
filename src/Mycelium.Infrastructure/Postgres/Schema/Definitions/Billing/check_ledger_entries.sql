-- definition 2
-- Whoever writes: an entry sums to zero and moves what it is for. A deposit comes from outside into one wallet. A charge is exactly what its rental paid, from the
-- renter into escrow. A settlement is exactly that out of escrow, once the rental has ended: to the renter what is refunded, to the farmer the rest.
-- Each of them has one posting that only it can have (from outside, or through escrow), and that once (primary key): so all postings of an entry come together.
CREATE OR REPLACE FUNCTION check_ledger_entries() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    outside  CONSTANT uuid := '00000000-0000-0000-0000-000000000001';
    escrow   CONSTANT uuid := '00000000-0000-0000-0000-000000000002';
    wrong    record;
BEGIN
    SELECT posting.entry_id, sum(posting.amount) AS total INTO wrong
    FROM after_rows AS posting
    LEFT JOIN LATERAL (SELECT kind, rental_id FROM ledger_entries WHERE id = posting.entry_id OFFSET 0) AS entry ON true
    LEFT JOIN LATERAL (SELECT renter_id, farmer_id, paid, refunded, status FROM rentals WHERE id = entry.rental_id OFFSET 0) AS rental ON true
    GROUP BY posting.entry_id, entry.kind, rental.renter_id, rental.farmer_id, rental.paid, rental.refunded, rental.status
    HAVING sum(posting.amount) <> 0 OR NOT coalesce(
        CASE entry.kind
            WHEN 'Deposit' THEN count(*) = 2 AND bool_or(account_id = outside AND amount < 0) AND NOT bool_or(account_id = escrow)
            WHEN 'RentalCharge' THEN bool_and(account_id IN (escrow, rental.renter_id)) AND sum(amount) FILTER (WHERE account_id = escrow) = rental.paid
            WHEN 'RentalSettlement' THEN
                rental.status <> 'Active' AND bool_and(account_id IN (escrow, rental.renter_id, rental.farmer_id))
                AND sum(amount) FILTER (WHERE account_id = escrow) = -rental.paid
                AND (rental.renter_id = rental.farmer_id OR coalesce(sum(amount) FILTER (WHERE account_id = rental.renter_id), 0) = rental.refunded) END,
        false)
    LIMIT 1;
    IF wrong.total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % sums to %', wrong.entry_id, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    ELSIF wrong.entry_id IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % moves something else than what it is for', wrong.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow_rentals', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION check_ledger_entries();

-- An entry is never without postings, and a deposit not without an entry in the audit trail. Of a rental's entries that follows: there is one charge and one settlement, each comes with the rental's beginning and end,
-- and rentals_are_whole looks for their postings.
CREATE OR REPLACE FUNCTION refuse_empty_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    outside  CONSTANT uuid := '00000000-0000-0000-0000-000000000001';
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_postings WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger entry % has no postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_have_postings', TABLE = 'ledger_entries';
    END IF;
    PERFORM require_audit_entry((SELECT account_id FROM ledger_postings WHERE entry_id = NEW.id AND account_id <> outside), 'FundsDeposited');
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
