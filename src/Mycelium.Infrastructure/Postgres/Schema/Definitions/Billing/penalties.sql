-- definition 1
-- What is unpaid of a farmer's penalties. It counts against what the farmer may withdraw.
CREATE OR REPLACE FUNCTION unpaid_penalties_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(amount - paid), 0)::bigint FROM penalties WHERE payer_id = of_account AND paid < amount
$$;

-- Imposes the penalty that a rental promised, once it was ended by its farmer or an operator, and pays what its payer has. The caller has locked the rental and both wallets.
-- PostgreSQL computes the amount itself, and so judges the caller's: the promised share of what came back, rounded down.
CREATE OR REPLACE FUNCTION impose_penalty(of_rental uuid, wanted bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO penalties (rental_id, payer_id, amount)
    SELECT id, CASE end_reason WHEN 'CancelledByFarmer' THEN farmer_id END, wanted FROM rentals
    WHERE id = of_rental AND end_reason IN ('CancelledByFarmer', 'CancelledByOperator') AND renter_id <> farmer_id
      AND wanted = (SELECT floor(sum(refunded)::numeric * penalty_rate / 10000) FROM rental_segments WHERE rental_id = of_rental AND NOT is_returned);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'rental % did not promise a penalty of %', of_rental, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalties_follow_rentals', TABLE = 'penalties';
    END IF;
    PERFORM pay_penalty(of_rental, 0);
END $$;

-- Pays what can be paid of a penalty: a farmer's from earnings that are not settled, then from the wallet; what is missing is advanced by the platform up to an amount, and
-- becomes the farmer's debt. What an operator ended is paid by the platform from its fees, whatever these hold. Returns what was advanced. The caller has locked both wallets.
CREATE OR REPLACE FUNCTION pay_penalty(of_rental uuid, advance_max bigint) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    penalty   penalties;
    renter    uuid := (SELECT renter_id FROM rentals WHERE id = of_rental);
    entry     uuid := gen_random_uuid();
    due       bigint;
    earnings  bigint := 0;
    wallet    bigint := 0;
    advanced  bigint := 0;
BEGIN
    SELECT * INTO penalty FROM penalties WHERE rental_id = of_rental FOR UPDATE;
    due := penalty.amount - penalty.paid;
    IF penalty.payer_id IS NOT NULL THEN
        earnings := least(due, coalesce((
            SELECT balance_after FROM ledger_postings WHERE account_id = earnings_account(penalty.payer_id) AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), 0));
        wallet := least(due - earnings, wallet_balance(penalty.payer_id));
        advanced := greatest(0, least(due - earnings - wallet, advance_max));
        due := earnings + wallet + advanced;
    END IF;
    IF due = 0 THEN
        RETURN 0;
    END IF;
    UPDATE penalties SET paid = paid + due, entry_count = entry_count + 1 WHERE rental_id = of_rental;
    INSERT INTO ledger_entries (id, kind, rental_id, number) VALUES (entry, 'Penalty', of_rental, penalty.entry_count + 1);
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry, account, moved
    FROM (VALUES (earnings_account(penalty.payer_id), -earnings), (penalty.payer_id, -wallet), (debt_account(penalty.payer_id), -advanced), (renter, due),
                 ('00000000-0000-0000-0000-000000000003'::uuid, CASE WHEN penalty.payer_id IS NULL THEN -due ELSE 0 END)) AS posting (account, moved)
    WHERE moved <> 0 ORDER BY account;
    RETURN advanced;
END $$;

-- What remained of farmers' penalties: from what they have earned or paid in since, and advanced from the platform's own money, which is its fees less all that is owed to
-- it. At most so many, and returns how many were looked at. One caller at a time, so that the platform's money is not advanced twice.
CREATE OR REPLACE FUNCTION pay_penalties(batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    taken  uuid[];
    one    uuid;
    own    bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('pay_penalties')) THEN
        RETURN 0;
    END IF;
    taken := ARRAY(SELECT rental_id FROM penalties WHERE paid < amount ORDER BY random() LIMIT batch); -- Those that nobody can pay keep no others waiting.
    IF cardinality(taken) = 0 THEN
        RETURN 0;
    END IF;
    PERFORM FROM ledger_accounts WHERE kind = 'Wallet' AND id IN (
        SELECT unnest(ARRAY[renter_id, farmer_id]) FROM rentals WHERE id = ANY (taken)) ORDER BY id FOR NO KEY UPDATE;
    own := coalesce((SELECT sum(amount) FROM ledger_postings WHERE account_id = '00000000-0000-0000-0000-000000000003'), 0)
        + coalesce((SELECT sum(amount) FROM ledger_postings WHERE sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000'), 0);
    FOREACH one IN ARRAY taken LOOP
        own := own - pay_penalty(one, own);
    END LOOP;
    RETURN cardinality(taken);
END $$;

-- What a penalty says to be paid is in the ledger, whoever writes.
CREATE OR REPLACE FUNCTION penalty_posted(of_rental uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(posting.amount), 0)::bigint
    FROM ledger_entries AS entry
    JOIN ledger_postings AS posting ON posting.entry_id = entry.id AND posting.account_id = (SELECT renter_id FROM rentals WHERE id = of_rental)
    WHERE entry.rental_id = of_rental AND entry.kind = 'Penalty'
$$;

CREATE OR REPLACE FUNCTION check_penalty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM penalties WHERE rental_id = NEW.rental_id AND paid <> penalty_posted(rental_id)) THEN
        RAISE EXCEPTION 'the penalty of rental % differs from its postings', NEW.rental_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'penalties_are_posted', TABLE = 'penalties';
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS penalties_are_posted ON penalties; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER penalties_are_posted AFTER INSERT OR UPDATE ON penalties
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_penalty();

CREATE OR REPLACE FUNCTION refuse_change_of_penalty() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of penalties is refused: what was imposed stays, and is paid', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'penalties_stay', TABLE = 'penalties';
END $$;

CREATE OR REPLACE TRIGGER penalties_stay BEFORE DELETE OR TRUNCATE ON penalties FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_penalty();
CREATE OR REPLACE TRIGGER penalties_keep_their_amount BEFORE UPDATE OF rental_id, payer_id, amount, created_at ON penalties
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_penalty();
