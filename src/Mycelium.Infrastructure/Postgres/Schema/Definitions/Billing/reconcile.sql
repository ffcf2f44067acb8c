-- definition 3
-- Where all money is, in micro-dollars, counted twice in one statement: from postings, and from what they are for. Wallets and earnings are counted by their running balances,
-- escrow and fees from rentals and names, payouts from withdrawals, external cash from deposits, payments and withdrawals; a debt is what remains, since all add up to zero. It reads every
-- posting and rental once.
CREATE OR REPLACE FUNCTION reconcile() RETURNS TABLE (kind text, posted bigint, counted bigint) LANGUAGE sql STABLE AS $$
    WITH postings AS (
        SELECT account.kind::text AS kind, sum(amount) AS amount FROM ledger_postings JOIN ledger_accounts AS account ON account.id = account_id GROUP BY account.kind
    ), running AS (
        SELECT account.kind::text AS kind, sum(last.balance_after) AS amount FROM ledger_accounts AS account
        CROSS JOIN LATERAL (
            SELECT balance_after FROM ledger_postings WHERE account_id = account.id AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS last
        WHERE account.kind IN ('Wallet', 'Earnings') GROUP BY account.kind
    ), counts (kind, amount) AS (
        SELECT 'Wallet', (SELECT amount FROM running WHERE kind = 'Wallet')
        UNION ALL SELECT 'Earnings', (SELECT amount FROM running WHERE kind = 'Earnings')
        UNION ALL SELECT 'Escrow', (SELECT sum(paid - refunded - earned) FROM rentals WHERE ended_at IS NULL)
        UNION ALL SELECT 'PlatformFees', coalesce((SELECT sum(fee_earned + extras_paid) FROM rentals), 0) + coalesce((SELECT sum(paid) FROM reserved_names), 0)
                                         - coalesce((SELECT sum(paid) FROM penalties WHERE payer_id IS NULL), 0)
        UNION ALL SELECT 'Payouts', (SELECT sum(amount) FROM withdrawals WHERE ended_at IS NULL)
        UNION ALL SELECT 'ExternalCash',
            coalesce((SELECT sum(amount) FROM withdrawals WHERE state = 'Settled'), 0) - coalesce((SELECT sum(deposited - taken_back) FROM payments), 0)
            - coalesce((SELECT sum(amount) FROM ledger_entries AS entry JOIN ledger_postings ON entry_id = entry.id WHERE entry.kind = 'Deposit' AND amount > 0), 0)
    ), all_counts AS (
        SELECT kind, coalesce(amount, 0) AS amount FROM counts UNION ALL SELECT 'Debt', -(SELECT coalesce(sum(amount), 0) FROM counts)
    )
    SELECT all_counts.kind, coalesce(postings.amount, 0)::bigint, all_counts.amount::bigint FROM all_counts LEFT JOIN postings USING (kind)
$$;
