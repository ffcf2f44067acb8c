-- definition 1
-- A withdrawal has its money where its state says, whoever writes: still in payouts, outside, or back. It begins as a request and goes forward one step at a time; an operator's
-- decision has an entry in the audit trail.
CREATE OR REPLACE FUNCTION check_withdrawal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kinds  text[] := (SELECT array_agg(kind::text ORDER BY kind::text) FROM ledger_entries WHERE subject_id = NEW.id);
BEGIN
    IF kinds IS DISTINCT FROM (CASE (SELECT state FROM withdrawals WHERE id = NEW.id)
        WHEN 'Settled' THEN ARRAY['WithdrawalRequested', 'WithdrawalSettled']
        WHEN 'Failed' THEN ARRAY['WithdrawalRequested', 'WithdrawalReturned']
        WHEN 'Refused' THEN ARRAY['WithdrawalRequested', 'WithdrawalReturned']
        ELSE ARRAY['WithdrawalRequested'] END) THEN
        RAISE EXCEPTION 'withdrawal % differs from its postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawals_are_posted', TABLE = 'withdrawals';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND NEW.state IN ('Approved', 'Refused') THEN
        PERFORM require_audit_entry(NEW.account_id, 'Withdrawal' || NEW.state);
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS withdrawals_are_posted ON withdrawals; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER withdrawals_are_posted AFTER INSERT OR UPDATE ON withdrawals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_withdrawal();

CREATE OR REPLACE FUNCTION keep_withdrawals() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state = 'Requested' THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND (NEW.id, NEW.account_id, NEW.amount, NEW.requested_at) = (OLD.id, OLD.account_id, OLD.amount, OLD.requested_at)
        AND (OLD.state = NEW.state OR (OLD.state, NEW.state) IN (
            ('Requested', 'Approved'), ('Requested', 'Refused'), ('Approved', 'Sent'), ('Sent', 'Settled'), ('Sent', 'Failed'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a withdrawal is refused: it begins as a request, goes forward, and stays', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'withdrawals_stay', TABLE = 'withdrawals';
END $$;

CREATE OR REPLACE TRIGGER withdrawals_keep BEFORE INSERT OR UPDATE OR DELETE ON withdrawals FOR EACH ROW EXECUTE FUNCTION keep_withdrawals();
CREATE OR REPLACE TRIGGER withdrawals_stay BEFORE TRUNCATE ON withdrawals FOR EACH STATEMENT EXECUTE FUNCTION keep_withdrawals();
