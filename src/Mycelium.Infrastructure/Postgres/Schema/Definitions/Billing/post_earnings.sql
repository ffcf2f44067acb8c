-- definition 1
-- Pays out of escrow what rentals have earned by an instant, one entry for each farmer: floor(paid × elapsed ÷ length) of each segment, less what was posted before
-- (RentalSegment.EarnedAt; a test compares both over random rentals). At most so many rentals, and returns how many; 0 when nothing is left. Any number of callers may do
-- this at once: each takes rentals that no other has taken.
CREATE OR REPLACE FUNCTION post_earnings(until timestamptz, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken  uuid[];
BEGIN
    -- A renter who cancels gets what a quote said up to a minute before: nothing may have been paid out as of an instant after that.
    IF until > market_now() - interval '5 minutes' THEN
        RAISE EXCEPTION 'earnings are posted as of five minutes ago at the latest' USING ERRCODE = 'check_violation', CONSTRAINT = 'earnings_are_past', TABLE = 'ledger_entries';
    END IF;
    taken := ARRAY(
        SELECT id FROM rentals WHERE status = 'Active' AND starts_at < until AND (earned_until IS NULL OR earned_until < until)
        ORDER BY id LIMIT batch FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(taken) < batch THEN
        taken := taken || ARRAY(
            SELECT id FROM rentals WHERE status = 'Grace' AND starts_at < until AND (earned_until IS NULL OR earned_until < until)
            ORDER BY id LIMIT batch - cardinality(taken) FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    IF cardinality(taken) = 0 THEN
        RETURN 0;
    END IF;
    -- As every other transaction: rentals, then wallets.
    PERFORM FROM ledger_accounts WHERE kind = 'Wallet' AND id IN (SELECT farmer_id FROM rentals WHERE id = ANY (taken)) ORDER BY id FOR NO KEY UPDATE;
    WITH due AS (
        SELECT rental.id, rental.farmer_id, rental.fee, rental.earned AS posted, rental.fee_earned AS fee_posted, (
            SELECT coalesce(sum(CASE
                WHEN until >= ends_at THEN paid
                WHEN until > starts_at THEN div(paid * (extract(epoch FROM until - starts_at) * 1000000), extract(epoch FROM ends_at - starts_at) * 1000000)::bigint
                ELSE 0 END), 0)::bigint
            FROM rental_segments WHERE rental_id = rental.id AND NOT is_returned) AS earned
        FROM rentals AS rental WHERE rental.id = ANY (taken)
    ), items AS (
        SELECT id, farmer_id, earned - posted AS earned, floor(earned::numeric * fee / 10000)::bigint - fee_posted AS fee FROM due WHERE earned > posted
    ), farmers AS (
        SELECT farmer_id, gen_random_uuid() AS entry_id, sum(earned) AS earned, sum(fee) AS fee FROM items GROUP BY farmer_id
    ), entries AS (
        INSERT INTO ledger_entries (id, kind, subject_id, number, as_of)
        SELECT entry_id, 'Earnings', farmer_id, 1 + coalesce((SELECT max(number) FROM ledger_entries WHERE subject_id = farmer_id AND kind = 'Earnings'), 0), until FROM farmers
    ), earnings AS (
        INSERT INTO rental_earnings (rental_id, entry_id, earned, fee) SELECT id, entry_id, items.earned, items.fee FROM items JOIN farmers USING (farmer_id)
    )
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry_id, account_id, amount::bigint
    FROM farmers CROSS JOIN LATERAL (VALUES
        ('00000000-0000-0000-0000-000000000002'::uuid, -earned), ('00000000-0000-0000-0000-000000000003', fee), (earnings_account(farmer_id), earned - fee)) AS posting (account_id, amount)
    WHERE amount <> 0 ORDER BY account_id;
    UPDATE rentals SET earned_until = until WHERE id = ANY (taken);
    RETURN cardinality(taken);
END $$;

-- What farmers earned in months that are over becomes spendable: from their earnings into their wallets, one entry for each farmer and month. A penalty may have taken
-- from it in the meantime. At most so many farmers, and returns how many.
CREATE OR REPLACE FUNCTION settle_earnings(month_end timestamptz, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    month  bigint := extract(year FROM month_end AT TIME ZONE 'UTC' - interval '1 day') * 100 + extract(month FROM month_end AT TIME ZONE 'UTC' - interval '1 day');
    taken  uuid[];
BEGIN
    IF month_end > market_now() OR month_end <> date_trunc('month', month_end, 'UTC') THEN
        RAISE EXCEPTION 'a month is settled when it is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'earnings_are_past', TABLE = 'ledger_entries';
    END IF;
    taken := ARRAY(
        SELECT wallet.id FROM ledger_accounts AS wallet
        WHERE wallet.kind = 'Wallet' AND CASE -- In this order: what is to be settled is counted only where there is something, once a month, and not for every account.
            WHEN NOT EXISTS (SELECT FROM ledger_postings WHERE account_id = earnings_account(wallet.id) AND sequence = 1) THEN false
            WHEN EXISTS (SELECT FROM ledger_entries WHERE subject_id = wallet.id AND kind = 'EarningsSettlement' AND number >= month) THEN false
            -- Until everything that this month earned is posted: a rental may have been locked when it was.
            WHEN EXISTS (
                SELECT FROM rentals WHERE farmer_id = wallet.id AND status IN ('Active', 'Grace') AND starts_at < month_end AND coalesce(earned_until < month_end, true)) THEN false
            ELSE settled_by(wallet.id, month_end) > 0 END
        ORDER BY wallet.id LIMIT batch FOR NO KEY UPDATE SKIP LOCKED);
    WITH due AS (
        SELECT farmer_id, gen_random_uuid() AS entry_id, settled_by(farmer_id, month_end) AS amount FROM unnest(taken) AS farmer (farmer_id)
    ), entries AS (
        INSERT INTO ledger_entries (id, kind, subject_id, number, as_of) SELECT entry_id, 'EarningsSettlement', farmer_id, month, month_end FROM due WHERE amount > 0
    )
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry_id, account_id, posting.amount FROM due
    CROSS JOIN LATERAL (VALUES (earnings_account(farmer_id), -due.amount), (farmer_id, due.amount)) AS posting (account_id, amount)
    WHERE due.amount > 0 ORDER BY account_id;
    RETURN cardinality(taken);
END $$;

-- What is to be settled: what was earned before an instant, less all that has left the earnings, and never more than is there.
CREATE OR REPLACE FUNCTION settled_by(farmer uuid, month_end timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT greatest(0, least(
        (SELECT balance_after FROM ledger_postings WHERE account_id = earnings_account(farmer) AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1),
        (SELECT coalesce(sum(amount), 0) FROM ledger_postings AS posting JOIN ledger_entries AS entry ON entry.id = posting.entry_id
         WHERE account_id = earnings_account(farmer) AND (amount < 0 OR coalesce(entry.as_of <= month_end, entry.created_at < month_end)))))::bigint
$$;
