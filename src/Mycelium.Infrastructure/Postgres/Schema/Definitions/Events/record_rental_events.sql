-- definition 5
-- Every change of a rental is an event and a row of its timeline.
CREATE OR REPLACE FUNCTION record_started_rentals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO events (kind, reason, node_id, rental_id, account_id, state)
    SELECT 'RENTAL', 'RentalStarted', rental.node_id, rental.id, rental.renter_id, row_to_json(rental) FROM after_rows AS rental ORDER BY rental.id;
    INSERT INTO rental_timeline (rental_id, version, at, reason, status, ends_at, paid, refunded)
    SELECT id, version, starts_at, 'RentalStarted', status, ends_at, paid, refunded FROM after_rows;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_record_insert AFTER INSERT ON rentals
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_started_rentals();

-- The first that holds. A change that none of them explains is refused, since reason is NOT NULL.
CREATE OR REPLACE FUNCTION reason_of_rental_change(was rentals, now_is rentals) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN now_is.end_reason = 'Moved' THEN 'RentalMoved'
        WHEN now_is.status = 'Cancelled' THEN 'RentalCancelled'
        WHEN now_is.status = 'Expired' THEN 'RentalExpired'
        WHEN now_is.status = 'Failed' THEN 'RentalFailed'
        WHEN was.status = 'Provisioning' AND now_is.status = 'Active' THEN 'RentalActivated'
        WHEN now_is.status = 'Grace' AND was.status <> 'Grace' THEN 'RentalEnteredGrace'
        WHEN now_is.billing = 'Metered' AND was.status = 'Grace' AND now_is.status = 'Active' THEN 'RentalResumed'
        WHEN now_is.paid > was.paid THEN
            CASE (SELECT kind FROM rental_segments WHERE rental_id = now_is.id ORDER BY number DESC LIMIT 1) WHEN 'Renewal' THEN 'RentalRenewed' ELSE 'RentalExtended' END
        -- A rental without charge is extended too.
        WHEN now_is.ends_at > was.ends_at THEN 'RentalExtended'
        WHEN now_is.refunded > was.refunded OR now_is.ends_at < was.ends_at THEN 'RenewalRefunded'
        WHEN now_is.name IS DISTINCT FROM was.name THEN 'RentalRenamed'
        WHEN now_is.spending_limit IS DISTINCT FROM was.spending_limit THEN 'RentalSpendingLimitSet'
        WHEN now_is.auto_renew_max IS DISTINCT FROM was.auto_renew_max OR now_is.renews_at IS DISTINCT FROM was.renews_at THEN 'RentalAutoRenewSet' END
$$;

-- What is no change of the rental's life: how much of it was posted, when a renewal is tried again, and that another hour of a metered rental is paid.
CREATE OR REPLACE FUNCTION moves_with_postings_only(was rentals, now_is rentals) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    was.earned := now_is.earned;
    was.fee_earned := now_is.fee_earned;
    was.earned_until := now_is.earned_until;
    was.renews_at := now_is.renews_at;
    IF was.billing = 'Metered' AND was.status = 'Active' THEN
        was.ends_at := now_is.ends_at;
        was.paid := now_is.paid;
        was.extras_paid := now_is.extras_paid;
        was.billed_public_ip_hours := now_is.billed_public_ip_hours;
        was.billed_traffic_gib := now_is.billed_traffic_gib;
    END IF;
    RETURN was *= now_is;
END $$;

CREATE OR REPLACE FUNCTION record_changed_rentals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_hashjoin = on AS $$ -- As for nodes: record_changed_nodes.
DECLARE
    unseen  uuid := (
        SELECT rental.id FROM after_rows AS rental JOIN before_rows AS was ON was.id = rental.id
        WHERE rental.version <= was.version AND NOT moves_with_postings_only(was, rental) LIMIT 1);
BEGIN
    IF unseen IS NOT NULL THEN
        RAISE EXCEPTION 'rental % changes without a new version', unseen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_change_by_version', TABLE = 'rentals';
    END IF;
    INSERT INTO events (kind, reason, node_id, rental_id, account_id, state, previous)
    SELECT 'RENTAL', reason_of_rental_change(was, rental), rental.node_id, rental.id, rental.renter_id, row_to_json(rental), columns_before(to_jsonb(was), to_jsonb(rental))
    FROM after_rows AS rental JOIN before_rows AS was ON was.id = rental.id
    WHERE rental.version <> was.version
    ORDER BY rental.id;
    INSERT INTO rental_timeline (rental_id, version, at, reason, status, ends_at, paid, refunded)
    SELECT rental.id, rental.version, coalesce(rental.ended_at, market_now()), reason_of_rental_change(was, rental), rental.status, rental.ends_at, rental.paid, rental.refunded
    FROM after_rows AS rental JOIN before_rows AS was ON was.id = rental.id
    WHERE rental.version <> was.version;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_record_update AFTER UPDATE ON rentals
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_changed_rentals();

-- Rentals of the previous release that began after the migration had given the others their timeline.
INSERT INTO rental_timeline (rental_id, version, at, reason, status, ends_at, paid, refunded)
SELECT id, 1, starts_at, 'RentalStarted', 'Active', ends_at, paid, 0 FROM rentals
WHERE NOT EXISTS (SELECT FROM rental_timeline WHERE rental_id = rentals.id);
