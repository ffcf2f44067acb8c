-- definition 2
-- What an account has earned in months that are settled, and may take out: never more than its wallet holds, and nothing that is on its way or was paid out already, or is owed. A release
-- from before earnings had an account of their own paid a rental's farmer by its settlement; a farmer who rented at home got what came back with it.
CREATE OR REPLACE FUNCTION withdrawable_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(0, least(wallet_balance(of_account), earned.amount - withdrawn.amount) - debt_of(of_account) - unpaid_penalties_of(of_account))::bigint
    FROM (
        SELECT coalesce(sum(CASE
            WHEN entry.kind = 'EarningsSettlement' THEN posting.amount
            WHEN rental.farmer_id = of_account AND rental.renter_id = of_account THEN greatest(0, posting.amount - rental.refunded)
            WHEN rental.farmer_id = of_account THEN posting.amount
            ELSE 0 END), 0) AS amount
        FROM ledger_postings AS posting
        JOIN ledger_entries AS entry ON entry.id = posting.entry_id AND entry.kind IN ('EarningsSettlement', 'RentalSettlement')
        LEFT JOIN rentals AS rental ON rental.id = entry.rental_id
        WHERE posting.account_id = of_account AND posting.sequence IS NOT NULL
    ) AS earned, (
        SELECT coalesce(sum(amount), 0) AS amount FROM withdrawals WHERE account_id = of_account AND state NOT IN ('Failed', 'Refused')
    ) AS withdrawn
$$;

-- What renters have paid for a farmer's nodes and the farmer cannot spend yet: not earned so far, less the platform's share; and earned in a month that is not settled.
CREATE OR REPLACE FUNCTION pending_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (
        coalesce((SELECT sum(paid - refunded - earned - (floor((paid - refunded)::numeric * fee / 10000) - fee_earned)) FROM rentals
                  WHERE farmer_id = of_account AND status IN ('Provisioning', 'Active', 'Grace')), 0)
        + coalesce((SELECT balance_after FROM ledger_postings WHERE account_id = earnings_account(of_account) AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), 0)
    )::bigint
$$;

CREATE OR REPLACE FUNCTION post_withdrawal(of_withdrawal uuid, entry_kind text, from_account uuid, to_account uuid, moved bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entry  uuid := gen_random_uuid();
BEGIN
    INSERT INTO ledger_entries (id, kind, subject_id) VALUES (entry, entry_kind, of_withdrawal);
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry, account, amount FROM (VALUES (from_account, -moved), (to_account, moved)) AS posting (account, amount) ORDER BY account;
END $$;

-- Begins a withdrawal, if that much may be taken out. Locks the wallet.
CREATE OR REPLACE FUNCTION request_withdrawal(new_id uuid, of_account uuid, wanted bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM ledger_accounts WHERE id = of_account AND kind = 'Wallet' FOR NO KEY UPDATE;
    IF NOT FOUND OR wanted > withdrawable_of(of_account) THEN
        RETURN false;
    END IF;
    INSERT INTO withdrawals (id, account_id, amount, state) VALUES (new_id, of_account, wanted, 'Requested');
    PERFORM post_withdrawal(new_id, 'WithdrawalRequested', of_account, '00000000-0000-0000-0000-000000000004', wanted);
    RETURN true;
END $$;

-- One step of a withdrawal, with its money; a step that was made before, or that does not follow, changes nothing. Locks the wallet, then the withdrawal.
CREATE OR REPLACE FUNCTION advance_withdrawal(of_withdrawal uuid, to_state text, why text) RETURNS TABLE (has_changed boolean, now_state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    payouts  CONSTANT uuid := '00000000-0000-0000-0000-000000000004';
    taken    withdrawals;
BEGIN
    PERFORM FROM ledger_accounts WHERE id = (SELECT account_id FROM withdrawals WHERE id = of_withdrawal) FOR NO KEY UPDATE;
    SELECT * INTO taken FROM withdrawals WHERE id = of_withdrawal FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF (taken.state, to_state) NOT IN (
        ('Requested', 'Approved'), ('Requested', 'Refused'), ('Approved', 'Sent'), ('Sent', 'Settled'), ('Sent', 'Failed')) THEN
        RETURN QUERY SELECT false, taken.state;
        RETURN;
    END IF;
    UPDATE withdrawals SET
        state = to_state, reason = left(why, 500),
        approved_at = CASE to_state WHEN 'Approved' THEN market_now() ELSE approved_at END,
        sent_at = CASE to_state WHEN 'Sent' THEN market_now() ELSE sent_at END,
        ended_at = CASE WHEN to_state IN ('Settled', 'Failed', 'Refused') THEN market_now() END,
        next_try_at = CASE to_state WHEN 'Approved' THEN market_now() WHEN 'Sent' THEN next_try_at END
    WHERE id = of_withdrawal;
    IF to_state = 'Settled' THEN
        PERFORM post_withdrawal(of_withdrawal, 'WithdrawalSettled', payouts, '00000000-0000-0000-0000-000000000001', taken.amount);
    ELSIF to_state IN ('Failed', 'Refused') THEN
        PERFORM post_withdrawal(of_withdrawal, 'WithdrawalReturned', payouts, taken.account_id, taken.amount);
    END IF;
    RETURN QUERY SELECT true, to_state;
END $$;
