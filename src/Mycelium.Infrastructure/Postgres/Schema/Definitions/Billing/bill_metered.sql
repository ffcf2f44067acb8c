-- definition 1
-- What is due of these wallets: the rentals and names whose paid time is over, each wallet's earliest hour alone. An extra is what the machine's meter grew by since it was
-- billed last; a meter that went back is not billed until it has passed what was.
CREATE OR REPLACE FUNCTION metered_due(of_accounts uuid[], now_is timestamptz, public_ip_price bigint, traffic_price bigint) RETURNS TABLE (
    account_id uuid, is_name boolean, id uuid, hour timestamptz, amount bigint, public_ip_hours bigint, public_ip_amount bigint, traffic_gib bigint, traffic_amount bigint,
    total bigint, is_over_limit boolean) LANGUAGE sql STABLE AS $$
    WITH due AS (
        SELECT rental.renter_id AS account_id, false AS is_name, rental.id, rental.ends_at AS hour, rental.price_per_hour::bigint AS amount,
               coalesce(greatest(0, machine.public_ip_hours - rental.billed_public_ip_hours), 0) AS public_ip_hours,
               coalesce(greatest(0, machine.traffic_gib - rental.billed_traffic_gib), 0) AS traffic_gib,
               rental.spending_limit - (rental.paid - rental.refunded + rental.extras_paid) AS rest
        FROM rentals AS rental LEFT JOIN machines AS machine ON machine.rental_id = rental.id
        WHERE rental.renter_id = ANY (of_accounts) AND rental.billing = 'Metered' AND rental.status = 'Active' AND rental.ended_at IS NULL AND rental.ends_at <= now_is
        UNION ALL
        SELECT name.account_id, true, name.id, name.paid_until, name.price_per_hour::bigint, 0, 0, NULL
        FROM reserved_names AS name WHERE name.account_id = ANY (of_accounts) AND name.status = 'Active' AND name.paid_until <= now_is
    ), priced AS (
        -- A thousand dollars an hour at most: a provisioner whose meter is wrong must not stop its renter's other rentals.
        SELECT *, least(due.public_ip_hours::numeric * public_ip_price, 1000000000)::bigint AS public_ip_amount,
               least(due.traffic_gib::numeric * traffic_price, 1000000000)::bigint AS traffic_amount, min(due.hour) OVER (PARTITION BY due.account_id) AS first_hour
        FROM due
    )
    SELECT account_id, is_name, id, hour, amount, public_ip_hours, public_ip_amount, traffic_gib, traffic_amount, amount + public_ip_amount + traffic_amount,
           coalesce(amount + public_ip_amount + traffic_amount > rest, false)
    FROM priced WHERE hour = first_hour
$$;

-- Bills the hours (UTC) that are due, of at most so many wallets and so many hours each: one entry for each wallet and hour. What a wallet cannot pay, the latest first, or what
-- would exceed a rental's spending limit, enters grace. Any number of callers may do this at once: a wallet that another transaction has locked, or one of whose rentals is
-- locked, is left for the next pass, since an hour has one entry.
--   tried   the wallets that were looked at
--   billed  those of them that were free
--   fallen  the rentals that entered grace, and lost, the names that did
CREATE OR REPLACE FUNCTION bill_metered(
    left_out uuid[], wallets_max integer, hours_max integer, grace interval, public_ip_price bigint, traffic_price bigint,
    OUT tried uuid[], OUT billed uuid[], OUT fallen uuid[], OUT lost uuid[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    escrow   CONSTANT uuid := '00000000-0000-0000-0000-000000000002';
    fees     CONSTANT uuid := '00000000-0000-0000-0000-000000000003';
    now_is   timestamptz := market_now();
    held     uuid[];
    unpaid   uuid[];
    thing    record;
    payer    uuid;
    rest     bigint;
BEGIN
    fallen := '{}';
    lost := '{}';
    tried := ARRAY(
        SELECT due.account_id FROM (
            SELECT rental.renter_id AS account_id, rental.ends_at AS since FROM rentals AS rental
            WHERE rental.status = 'Active' AND rental.billing = 'Metered' AND rental.ends_at <= now_is AND rental.renter_id <> ALL (left_out)
            UNION ALL
            SELECT name.account_id, name.paid_until FROM reserved_names AS name
            WHERE name.status = 'Active' AND name.paid_until <= now_is AND name.account_id <> ALL (left_out)) AS due
        GROUP BY due.account_id ORDER BY min(due.since), due.account_id LIMIT wallets_max);
    -- Never waits, so it cannot deadlock with those who lock rentals before wallets.
    billed := ARRAY(SELECT wallet.id FROM ledger_accounts AS wallet WHERE wallet.id = ANY (tried) AND wallet.kind = 'Wallet' ORDER BY wallet.id FOR NO KEY UPDATE SKIP LOCKED);
    held := ARRAY(
        SELECT rental.id FROM rentals AS rental WHERE rental.renter_id = ANY (billed) AND rental.billing = 'Metered' AND rental.ended_at IS NULL
        ORDER BY rental.id FOR NO KEY UPDATE SKIP LOCKED);
    billed := ARRAY(
        SELECT free.id FROM unnest(billed) AS free (id) WHERE NOT EXISTS (
            SELECT FROM rentals AS rental LEFT JOIN unnest(held) AS locked (id) ON locked.id = rental.id
            WHERE rental.renter_id = free.id AND rental.billing = 'Metered' AND rental.ended_at IS NULL AND locked.id IS NULL));
    now_is := market_now(); -- After the locks: what begins or returns later is paid from a later instant on.

    FOR step IN 1..hours_max LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM metered_due(billed, now_is, public_ip_price, traffic_price));
        -- An hour that has an entry already cannot have another: only where the clock went back, and then the rental returns from grace at once.
        unpaid := ARRAY(
            SELECT due.id FROM metered_due(billed, now_is, public_ip_price, traffic_price) AS due
            WHERE due.is_over_limit OR EXISTS (
                SELECT FROM ledger_entries AS entry
                WHERE entry.subject_id = due.account_id AND entry.kind = 'MeteredCharge' AND entry.number = floor(extract(epoch FROM due.hour) / 3600)));
        payer := NULL;
        FOR thing IN
            SELECT due.account_id, due.id, due.total, wallet.balance
            FROM metered_due(billed, now_is, public_ip_price, traffic_price) AS due
            JOIN (
                SELECT each.account_id, wallet_balance(each.account_id) AS balance, sum(each.total) AS total
                FROM metered_due(billed, now_is, public_ip_price, traffic_price) AS each WHERE each.id <> ALL (unpaid) GROUP BY each.account_id
            ) AS wallet ON wallet.account_id = due.account_id AND wallet.total > wallet.balance
            WHERE due.id <> ALL (unpaid) ORDER BY due.account_id, due.is_name, due.id -- Ids grow with time.
        LOOP
            IF payer IS DISTINCT FROM thing.account_id THEN
                payer := thing.account_id;
                rest := thing.balance;
            END IF;
            IF thing.total <= rest THEN
                rest := rest - thing.total;
            ELSE
                unpaid := unpaid || thing.id;
            END IF;
        END LOOP;
        IF unpaid <> '{}' THEN
            -- Nobody gets days of grace for an hour that was paid (Rental.GraceLength).
            WITH gone AS (
                UPDATE rentals AS rental SET status = 'Grace', version = rental.version + 1,
                       grace_ends_at = rental.ends_at + greatest(interval '1 hour', least(rental.ends_at - rental.starts_at, grace))
                WHERE rental.id = ANY (unpaid) RETURNING rental.id
            )
            SELECT fallen || coalesce(array_agg(gone.id), '{}') INTO fallen FROM gone;
            WITH gone AS (
                UPDATE reserved_names AS name SET status = 'Grace',
                       grace_ends_at = name.paid_until + greatest(interval '1 hour', least(name.paid_until - name.created_at, grace))
                WHERE name.id = ANY (unpaid) RETURNING name.id
            )
            SELECT lost || coalesce(array_agg(gone.id), '{}') INTO lost FROM gone;
        END IF;

        WITH due AS MATERIALIZED (
            SELECT * FROM metered_due(billed, now_is, public_ip_price, traffic_price)
        ), entry AS MATERIALIZED (
            SELECT due.account_id, due.hour, gen_random_uuid() AS id, sum(due.total)::bigint AS total, coalesce(sum(due.amount) FILTER (WHERE NOT due.is_name), 0)::bigint AS escrowed
            FROM due WHERE due.id <> ALL (unpaid) GROUP BY due.account_id, due.hour HAVING sum(due.total) > 0
        ), item AS MATERIALIZED (
            SELECT due.*, entry.id AS entry_id, due.public_ip_amount + due.traffic_amount AS extras, last.number,
                   coalesce(last.kind = 'Metered' AND date_trunc('day', last.starts_at, 'UTC') = date_trunc('day', due.hour, 'UTC'), false) AS is_of_this_day
            FROM due LEFT JOIN entry ON entry.account_id = due.account_id AND entry.hour = due.hour
            LEFT JOIN LATERAL (
                SELECT segment.number, segment.kind, segment.starts_at FROM rental_segments AS segment WHERE segment.rental_id = due.id ORDER BY segment.number DESC LIMIT 1
            ) AS last ON true
            WHERE due.id <> ALL (unpaid)
        ), written AS (
            INSERT INTO ledger_entries (id, kind, subject_id, number, as_of)
            SELECT entry.id, 'MeteredCharge', entry.account_id, floor(extract(epoch FROM entry.hour) / 3600), entry.hour + interval '1 hour' FROM entry
        ), grown AS (
            UPDATE rental_segments AS day SET ends_at = day.ends_at + interval '1 hour', paid = day.paid + item.amount, metered_paid = day.metered_paid + item.amount,
                   entry_id = item.entry_id, entry_paid = item.amount, entry_extras = item.extras,
                   public_ip_hours = day.public_ip_hours + item.public_ip_hours, public_ip_paid = day.public_ip_paid + item.public_ip_amount,
                   traffic_gib = day.traffic_gib + item.traffic_gib, traffic_paid = day.traffic_paid + item.traffic_amount
            FROM item WHERE item.is_of_this_day AND day.rental_id = item.id AND day.number = item.number
        ), opened AS (
            INSERT INTO rental_segments (rental_id, number, kind, starts_at, ends_at, price_per_hour, discount, paid, metered_paid, entry_id, entry_paid, entry_extras,
                                         public_ip_hours, public_ip_paid, traffic_gib, traffic_paid)
            SELECT item.id, 1 + coalesce(item.number, 0), 'Metered', item.hour, item.hour + interval '1 hour', item.amount, 0, item.amount, item.amount, item.entry_id, item.amount,
                   item.extras, item.public_ip_hours, item.public_ip_amount, item.traffic_gib, item.traffic_amount
            FROM item WHERE NOT item.is_name AND NOT item.is_of_this_day
        ), moved AS (
            UPDATE rentals AS rental SET ends_at = rental.ends_at + interval '1 hour', paid = rental.paid + item.amount, extras_paid = rental.extras_paid + item.extras,
                   billed_public_ip_hours = rental.billed_public_ip_hours + item.public_ip_hours, billed_traffic_gib = rental.billed_traffic_gib + item.traffic_gib
            FROM item WHERE rental.id = item.id AND NOT item.is_name
        ), kept AS (
            UPDATE reserved_names AS name SET paid_until = name.paid_until + interval '1 hour', paid = name.paid + item.amount, entry_id = item.entry_id, entry_paid = item.amount
            FROM item WHERE name.id = item.id AND item.is_name
        )
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT entry.id, posting.account_id, posting.amount
        FROM entry CROSS JOIN LATERAL (VALUES (escrow, entry.escrowed), (fees, entry.total - entry.escrowed), (entry.account_id, -entry.total)) AS posting (account_id, amount)
        WHERE posting.amount <> 0 ORDER BY posting.account_id;
    END LOOP;
END $$;
