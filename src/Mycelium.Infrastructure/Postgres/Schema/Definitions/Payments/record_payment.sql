-- definition 1
-- What an account owes, as an amount that is never negative. It changes only under the lock of the account's wallet.
CREATE OR REPLACE FUNCTION debt_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(-sum(amount), 0)::bigint FROM ledger_postings
    WHERE account_id = debt_account(of_account) AND sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000'
$$;

-- One entry of a payment. What comes in pays the account's debt first; what goes out takes what the wallet holds, and the rest becomes debt. The caller has locked the wallet.
CREATE OR REPLACE FUNCTION move_payment(of_payment uuid, entry_kind text, entry_number bigint, for_account uuid, moved bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entry    uuid := gen_random_uuid();
    to_debt  bigint := CASE WHEN moved > 0 THEN least(moved, debt_of(for_account)) ELSE least(0, moved + wallet_balance(for_account)) END;
BEGIN
    INSERT INTO ledger_entries (id, kind, subject_id, number) VALUES (entry, entry_kind, of_payment, entry_number);
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry, account, amount
    FROM (VALUES ('00000000-0000-0000-0000-000000000001'::uuid, -moved), (debt_account(for_account), to_debt), (for_account, moved - to_debt)) AS posting (account, amount)
    WHERE amount <> 0 ORDER BY account;
END $$;

-- Takes in an event of the provider: the same event again does nothing, and a late one changes nothing that a later one has said, since every amount is cumulative and only
-- grows, and a dispute only goes forward. Returns what moved in a wallet. Locks the payment, then the wallet; nothing that holds a wallet waits for a payment.
CREATE OR REPLACE FUNCTION record_payment(
    event_id text, event_type text, payment_name text, named_account uuid, received_total bigint, refunded_total bigint, dispute_name text, dispute_amount bigint, dispute_stage integer)
RETURNS TABLE (moved_account uuid, moved_payment uuid, moved_kind text, moved_number bigint, moved_amount bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    paid  payments;
    due   bigint;
BEGIN
    INSERT INTO payment_events (id, type, provider_id) VALUES (event_id, event_type, payment_name) ON CONFLICT DO NOTHING;
    IF NOT FOUND OR payment_name IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO payments (id, provider_id) VALUES (gen_random_uuid(), payment_name) ON CONFLICT DO NOTHING;
    SELECT * INTO paid FROM payments WHERE provider_id = payment_name FOR UPDATE;
    IF dispute_name IS NOT NULL THEN
        INSERT INTO payment_disputes AS known (id, payment_id, amount, stage) VALUES (dispute_name, paid.id, dispute_amount, dispute_stage)
        ON CONFLICT (id) DO UPDATE SET amount = greatest(known.amount, excluded.amount), stage = greatest(known.stage, excluded.stage) WHERE known.payment_id = paid.id;
    END IF;
    UPDATE payments SET
        account_id = coalesce(account_id, (SELECT id FROM ledger_accounts WHERE id = named_account AND kind = 'Wallet')),
        received = greatest(received, coalesce(received_total, 0)),
        refunded = greatest(refunded, coalesce(refunded_total, 0)),
        disputed = (SELECT coalesce(sum(amount), 0) FROM payment_disputes WHERE payment_id = paid.id AND stage = 1)
    WHERE id = paid.id RETURNING * INTO paid;
    IF paid.account_id IS NULL THEN
        RETURN;
    END IF;
    PERFORM FROM ledger_accounts WHERE id = paid.account_id FOR NO KEY UPDATE;

    due := paid.received - paid.deposited;
    IF due > 0 THEN
        UPDATE payments SET deposited = received, entry_count = entry_count + 1 WHERE id = paid.id RETURNING * INTO paid;
        PERFORM move_payment(paid.id, 'PaymentReceived', paid.entry_count, paid.account_id, due);
        RETURN QUERY SELECT paid.account_id, paid.id, 'PaymentReceived', paid.entry_count::bigint, due;
    END IF;
    -- A payment that was refunded and then disputed is not taken back twice.
    due := least(paid.received, paid.refunded + paid.disputed) - paid.taken_back;
    IF due <> 0 THEN
        UPDATE payments SET taken_back = taken_back + due, entry_count = entry_count + 1 WHERE id = paid.id RETURNING * INTO paid;
        PERFORM move_payment(paid.id, CASE WHEN due > 0 THEN 'PaymentTakenBack' ELSE 'PaymentReinstated' END, paid.entry_count, paid.account_id, -due);
        RETURN QUERY SELECT paid.account_id, paid.id, CASE WHEN due > 0 THEN 'PaymentTakenBack' ELSE 'PaymentReinstated' END, paid.entry_count::bigint, -due;
    END IF;
END $$;

-- What came into the wallets of accounts that owe something pays their debts, such as earnings or what a rental gave back. At most so many accounts, and returns how many.
CREATE OR REPLACE FUNCTION pay_debts(batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken   uuid[];
    debtor  uuid;
    entry   uuid;
    due     bigint;
    done    integer := 0;
BEGIN
    taken := ARRAY(
        SELECT wallet.id FROM ledger_accounts AS wallet
        WHERE wallet.kind = 'Wallet' AND debt_account(wallet.id) IN (
            SELECT account_id FROM ledger_postings WHERE sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000' GROUP BY account_id HAVING sum(amount) < 0)
          AND wallet_balance(wallet.id) > 0
        ORDER BY wallet.id LIMIT batch FOR NO KEY UPDATE SKIP LOCKED);
    FOREACH debtor IN ARRAY taken LOOP
        due := least(wallet_balance(debtor), debt_of(debtor));
        CONTINUE WHEN due <= 0;
        entry := gen_random_uuid();
        INSERT INTO ledger_entries (id, kind, subject_id, number)
        SELECT entry, 'DebtPaid', debtor, 1 + coalesce(max(number), 0) FROM ledger_entries WHERE subject_id = debtor AND kind = 'DebtPaid';
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT entry, account, amount FROM (VALUES (debtor, -due), (debt_account(debtor), due)) AS posting (account, amount) ORDER BY account;
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;
