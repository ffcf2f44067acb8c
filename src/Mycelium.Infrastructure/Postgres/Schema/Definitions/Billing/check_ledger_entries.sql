-- definition 6
-- Whoever writes: an entry sums to zero and moves what it is for.
--   Deposit             from outside to one account: its debt, then its wallet
--   PaymentReceived     likewise, by a payment; PaymentReinstated gives back what PaymentTakenBack took out of the wallet or made a debt. Together they are what the
--                       payment says
--   WithdrawalRequested, WithdrawalSettled, WithdrawalReturned   the amount of a withdrawal: from its wallet into payouts, and from there outside, or back
--   DebtPaid            from a wallet to the debt of the same account
--   RentalCharge        exactly what a segment of the rental costs, from the renter into escrow
--   RentalRefund        exactly that back, of a segment that was returned before it started
--   RentalSettlement    out of escrow, once the rental has ended: to the renter what its segments gave back, to the platform and the farmer what the entry's row of
--                       rental_earnings says
--   Earnings            out of escrow to one farmer and the platform: the sum of the entry's rows of rental_earnings, which are all of this farmer's rentals
--   MeteredCharge       what an hour of an account's metered rentals and names costs: into escrow what their rows for the day got from this entry, and to the platform's
--                       fees their extras and what the names got
--   NameCharge          from a wallet to the platform's fees, for the first part of an hour of a name, or for its time in grace
--   EarningsSettlement  from a farmer's earnings into the same farmer's wallet
--   Penalty             to the renter, from who pays the penalty: a farmer's earnings, wallet and debt, or the platform. Together they are what the penalty says
-- Each has one posting that only it can have (from outside, through escrow, through earnings, to a debt, or a penalty's to its renter), and that once (primary key): so all postings of an entry come
-- together. A debt is never paid twice: the sum of its postings is never positive.
CREATE OR REPLACE FUNCTION check_ledger_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    outside  CONSTANT uuid := '00000000-0000-0000-0000-000000000001';
    escrow   CONSTANT uuid := '00000000-0000-0000-0000-000000000002';
    fees     CONSTANT uuid := '00000000-0000-0000-0000-000000000003';
    payouts  CONSTANT uuid := '00000000-0000-0000-0000-000000000004';
    of_payments CONSTANT text[] := ARRAY['PaymentReceived', 'PaymentTakenBack', 'PaymentReinstated'];
    wrong    record;
    overpaid uuid;
BEGIN
    SELECT posting.entry_id, sum(posting.amount) AS total INTO wrong
    FROM after_rows AS posting
    LEFT JOIN LATERAL (SELECT kind, rental_id, subject_id, number FROM ledger_entries WHERE id = posting.entry_id OFFSET 0) AS entry ON true
    LEFT JOIN LATERAL (SELECT renter_id, farmer_id, paid, refunded, ended_at, fee FROM rentals WHERE id = entry.rental_id OFFSET 0) AS rental ON true
    -- A replica of the previous release charges before its rental has a segment.
    LEFT JOIN LATERAL (
        SELECT coalesce((SELECT paid FROM rental_segments WHERE rental_id = entry.rental_id AND number = entry.number), CASE entry.number WHEN 1 THEN rental.paid END) AS paid,
               EXISTS (SELECT FROM rental_segments WHERE rental_id = entry.rental_id AND number = entry.number AND is_returned) AS is_returned
    ) AS segment ON entry.kind IN ('RentalCharge', 'RentalRefund')
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(earned), 0)::bigint AS earned, coalesce(sum(fee), 0)::bigint AS fee FROM rental_earnings WHERE entry_id = posting.entry_id OFFSET 0
    ) AS posted ON entry.kind IN ('RentalSettlement', 'Earnings')
    LEFT JOIN LATERAL (
        SELECT rental.refunded - coalesce((SELECT sum(paid) FROM rental_segments WHERE rental_id = entry.rental_id AND is_returned), 0) AS refunded
    ) AS ending ON entry.kind = 'RentalSettlement'
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(part.entry_paid), 0)::bigint AS escrowed, coalesce(sum(part.entry_extras), 0)::bigint + (
                   SELECT coalesce(sum(name.entry_paid), 0)::bigint FROM reserved_names AS name
                   WHERE name.account_id = entry.subject_id AND name.status <> 'Released' AND name.entry_id = posting.entry_id) AS to_fees
        FROM rentals AS billed CROSS JOIN LATERAL (
            SELECT day.entry_id, day.entry_paid, day.entry_extras FROM rental_segments AS day WHERE day.rental_id = billed.id ORDER BY day.number DESC LIMIT 1) AS part
        WHERE billed.renter_id = entry.subject_id AND billed.billing = 'Metered' AND billed.ended_at IS NULL AND part.entry_id = posting.entry_id
    ) AS metered ON entry.kind = 'MeteredCharge'
    LEFT JOIN LATERAL (SELECT name.account_id FROM reserved_names AS name WHERE name.id = entry.subject_id OFFSET 0) AS named ON entry.kind = 'NameCharge'
    LEFT JOIN LATERAL (SELECT account_id, deposited - taken_back AS posted FROM payments WHERE id = entry.subject_id OFFSET 0) AS payment ON entry.kind = ANY (of_payments)
    LEFT JOIN LATERAL (SELECT payer_id, paid FROM penalties WHERE rental_id = entry.rental_id OFFSET 0) AS penalty ON entry.kind = 'Penalty'
    LEFT JOIN LATERAL (SELECT account_id, amount, state FROM withdrawals WHERE id = entry.subject_id OFFSET 0) AS withdrawal
        ON entry.kind IN ('WithdrawalRequested', 'WithdrawalSettled', 'WithdrawalReturned')
    GROUP BY posting.entry_id, entry.kind, entry.subject_id, payment.account_id, payment.posted, withdrawal.account_id, withdrawal.amount, withdrawal.state,
             penalty.payer_id, penalty.paid, entry.rental_id, rental.renter_id, rental.farmer_id, rental.paid, rental.refunded, rental.ended_at,
             rental.fee, metered.escrowed, metered.to_fees, named.account_id, entry.number, segment.paid, segment.is_returned, posted.earned, posted.fee, ending.refunded
    HAVING sum(posting.amount) <> 0 OR NOT coalesce(
        CASE entry.kind
            WHEN 'Deposit' THEN bool_or(posting.account_id = outside AND posting.amount < 0) AND bool_and(posting.account_id = outside OR posting.amount > 0)
                AND bool_and(posting.account_id = outside OR posting.account_id >= '00000000-0000-0000-0000-000000010000')
                AND NOT bool_or(substr(posting.account_id::text, 15, 1) = 'e')
                AND count(DISTINCT overlay(posting.account_id::text PLACING '0' FROM 15 FOR 1)) = 2
            WHEN 'PaymentReceived' THEN bool_and(posting.account_id = outside AND posting.amount < 0
                OR posting.account_id IN (payment.account_id, debt_account(payment.account_id)) AND posting.amount > 0) AND payment_posted(entry.subject_id) = payment.posted
            WHEN 'PaymentTakenBack' THEN bool_and(posting.account_id = outside AND posting.amount > 0
                OR posting.account_id IN (payment.account_id, debt_account(payment.account_id)) AND posting.amount < 0) AND payment_posted(entry.subject_id) = payment.posted
            WHEN 'PaymentReinstated' THEN bool_and(posting.account_id = outside AND posting.amount < 0
                OR posting.account_id IN (payment.account_id, debt_account(payment.account_id)) AND posting.amount > 0) AND payment_posted(entry.subject_id) = payment.posted
            WHEN 'DebtPaid' THEN count(*) = 2 AND bool_or(posting.account_id = entry.subject_id AND posting.amount < 0)
                AND bool_or(posting.account_id = debt_account(entry.subject_id) AND posting.amount > 0)
            WHEN 'WithdrawalRequested' THEN bool_and(posting.account_id = withdrawal.account_id AND posting.amount = -withdrawal.amount
                OR posting.account_id = payouts AND posting.amount = withdrawal.amount)
            WHEN 'WithdrawalSettled' THEN withdrawal.state = 'Settled' AND bool_and(posting.account_id = payouts AND posting.amount = -withdrawal.amount
                OR posting.account_id = outside AND posting.amount = withdrawal.amount)
            WHEN 'WithdrawalReturned' THEN withdrawal.state IN ('Failed', 'Refused') AND bool_and(posting.account_id = payouts AND posting.amount = -withdrawal.amount
                OR posting.account_id = withdrawal.account_id AND posting.amount = withdrawal.amount)
            WHEN 'Penalty' THEN penalty_posted(entry.rental_id) = penalty.paid AND bool_and(CASE
                WHEN posting.account_id = rental.renter_id THEN posting.amount > 0
                WHEN penalty.payer_id IS NULL THEN posting.account_id = fees AND posting.amount < 0
                ELSE posting.account_id IN (earnings_account(penalty.payer_id), penalty.payer_id, debt_account(penalty.payer_id)) AND posting.amount < 0 END)
            WHEN 'RentalCharge' THEN bool_and(posting.account_id IN (escrow, rental.renter_id)) AND sum(posting.amount) FILTER (WHERE posting.account_id = escrow) = segment.paid
            WHEN 'RentalRefund' THEN segment.is_returned AND bool_and(posting.account_id IN (escrow, rental.renter_id)) AND sum(posting.amount) FILTER (WHERE posting.account_id = escrow) = -segment.paid
            WHEN 'RentalSettlement' THEN rental.ended_at IS NOT NULL AND entry.number = 1 AND (
                bool_and(posting.account_id IN (escrow, fees, rental.renter_id, earnings_account(rental.farmer_id)))
                AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = escrow), 0) = -(posted.earned + ending.refunded)
                AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = fees), 0) = posted.fee
                AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = rental.renter_id), 0) = ending.refunded
                -- A replica of the previous release pays all of it, and into the farmer's wallet.
                OR posted.earned = 0 AND rental.fee = 0 AND bool_and(posting.account_id IN (escrow, rental.renter_id, rental.farmer_id))
                AND sum(posting.amount) FILTER (WHERE posting.account_id = escrow) = -rental.paid
                AND (rental.renter_id = rental.farmer_id OR coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = rental.renter_id), 0) = rental.refunded))
            WHEN 'MeteredCharge' THEN bool_and(posting.account_id IN (escrow, fees) AND posting.amount > 0 OR posting.account_id = entry.subject_id AND posting.amount < 0)
                AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = escrow), 0) = metered.escrowed
                AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = fees), 0) = metered.to_fees
            WHEN 'NameCharge' THEN bool_and(posting.account_id = fees AND posting.amount > 0 OR posting.account_id = named.account_id AND posting.amount < 0)
            WHEN 'Earnings' THEN bool_and(posting.account_id IN (escrow, fees, earnings_account(entry.subject_id)))
                AND sum(posting.amount) FILTER (WHERE posting.account_id = escrow) = -posted.earned AND coalesce(sum(posting.amount) FILTER (WHERE posting.account_id = fees), 0) = posted.fee
                AND NOT EXISTS (SELECT FROM rental_earnings AS earning JOIN rentals AS earner ON earner.id = earning.rental_id
                                WHERE earning.entry_id = posting.entry_id AND earner.farmer_id <> entry.subject_id)
            WHEN 'EarningsSettlement' THEN count(*) = 2 AND bool_or(posting.account_id = earnings_account(entry.subject_id) AND posting.amount < 0) AND bool_or(posting.account_id = entry.subject_id)
        END,
        false)
    LIMIT 1;
    IF wrong.total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % sums to %', wrong.entry_id, wrong.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    ELSIF wrong.entry_id IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % moves something else than what it is for', wrong.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow_rentals', TABLE = 'ledger_postings';
    END IF;
    SELECT debt.account_id INTO overpaid
    FROM (SELECT DISTINCT account_id FROM after_rows WHERE sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000') AS debt
    WHERE (SELECT sum(amount) FROM ledger_postings WHERE account_id = debt.account_id AND sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000') > 0 LIMIT 1;
    IF overpaid IS NOT NULL THEN
        RAISE EXCEPTION 'debt account % is paid more than is owed', overpaid
            USING ERRCODE = 'check_violation', CONSTRAINT = 'debts_never_positive', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION check_ledger_entries();

-- An entry is never without postings, and a deposit not without an entry in the audit trail. Of a rental's entries that follows: each comes with a segment or with the
-- rental's end, and rentals_are_whole looks for their postings.
CREATE OR REPLACE FUNCTION refuse_empty_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    outside  CONSTANT uuid := '00000000-0000-0000-0000-000000000001';
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_postings WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'ledger entry % has no postings', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_have_postings', TABLE = 'ledger_entries';
    END IF;
    IF NEW.kind = 'Deposit' THEN
        PERFORM require_audit_entry((
            SELECT owner_id FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id WHERE entry_id = NEW.id AND account_id <> outside LIMIT 1), 'FundsDeposited');
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS ledger_entries_have_postings ON ledger_entries; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER ledger_entries_have_postings AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.rental_id IS NULL OR NEW.kind = 'Penalty') EXECUTE FUNCTION refuse_empty_entry();

CREATE OR REPLACE FUNCTION refuse_entry_of_no_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lost  uuid := (
        SELECT entry.id FROM after_rows AS entry
        WHERE entry.rental_id IS NOT NULL AND NOT coalesce((
            SELECT paid > 0 AND (entry.kind <> 'RentalSettlement' OR ended_at IS NOT NULL) FROM rentals WHERE id = entry.rental_id), false) LIMIT 1);
BEGIN
    IF lost IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % is of a rental that paid nothing, or has not ended', lost
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_follow_rentals', TABLE = 'ledger_entries';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_entries_follow_rentals AFTER INSERT ON ledger_entries
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_entry_of_no_change();
