-- definition 1
-- What a payment has moved into the ledger so far: all of its entries, less what they took back.
CREATE OR REPLACE FUNCTION payment_posted(of_payment uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(-sum(posting.amount), 0)::bigint
    FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id AND posting.account_id = '00000000-0000-0000-0000-000000000001'
    WHERE entry.subject_id = of_payment AND entry.kind IN ('PaymentReceived', 'PaymentTakenBack', 'PaymentReinstated')
$$;

-- What a payment says to be in the ledger is there, whoever writes. Payments and their events stay.
CREATE OR REPLACE FUNCTION check_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM payments WHERE id = NEW.id AND deposited - taken_back <> payment_posted(id)) THEN
        RAISE EXCEPTION 'payment % differs from its postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_are_posted', TABLE = 'payments';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS payments_are_posted ON payments; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER payments_are_posted AFTER INSERT OR UPDATE ON payments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_payment();

CREATE OR REPLACE FUNCTION refuse_change_of_payments() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: payments stay', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payments_stay', TABLE = TG_TABLE_NAME;
END $$;

CREATE OR REPLACE TRIGGER payments_stay BEFORE DELETE OR TRUNCATE ON payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_payments();
CREATE OR REPLACE TRIGGER payment_disputes_stay BEFORE DELETE OR TRUNCATE ON payment_disputes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_payments();
CREATE OR REPLACE TRIGGER payment_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_payments();
