-- definition 4
-- At the end of every transaction that changes it a rental is whole, whoever wrote it. It holds its slices while it is live, and none after. Its segments follow each
-- other without a gap and add up to what it says of itself; a metered rental has none until its first hour is paid. Escrow holds what was paid for it and is neither
-- refunded nor earned, and nothing once it has ended. Of a rental that was moved, another of the same renter continues as many slices. A whole node is its rental's
-- alone; a machine on it has neither slices of the market nor segments. The rental is looked at as it is now: it may have begun and ended in one transaction.
CREATE OR REPLACE FUNCTION refuse_half_a_rental(of_rental uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    rental   rentals;
    parts    record;
    escrow   bigint;
    missing  text;
BEGIN
    SELECT * INTO STRICT rental FROM rentals WHERE id = of_rental;
    SELECT min(starts_at) FILTER (WHERE NOT is_returned) AS starts_at, max(ends_at) FILTER (WHERE NOT is_returned) AS ends_at, sum(paid) AS paid, sum(refunded) AS refunded,
           bool_or(NOT is_returned AND follows <> starts_at) AS has_gap, coalesce(sum(metered_paid), 0) AS metered_paid,
           coalesce(sum(public_ip_paid + traffic_paid), 0) AS extras
    INTO parts
    FROM (SELECT *, lag(ends_at) OVER (PARTITION BY is_returned ORDER BY number) AS follows FROM rental_segments WHERE rental_id = of_rental) AS segment;
    -- What entries of an hour moved for it is in its segments (check_ledger_entries).
    SELECT coalesce(sum(posting.amount), 0) + parts.metered_paid - (
               SELECT coalesce(sum(earning.earned), 0) FROM rental_earnings AS earning JOIN ledger_entries AS entry ON entry.id = earning.entry_id
               WHERE earning.rental_id = of_rental AND entry.rental_id IS NULL)
    INTO escrow
    FROM ledger_entries AS entry JOIN ledger_postings AS posting ON posting.entry_id = entry.id
    WHERE entry.rental_id = of_rental AND posting.account_id = '00000000-0000-0000-0000-000000000002';

    missing := CASE
        WHEN (rental.status IN ('Provisioning', 'Active', 'Grace') AND rental.kind <> 'Machine') <> EXISTS (SELECT FROM slices WHERE rental_id = of_rental) THEN 'slices'
        WHEN rental.kind = 'Machine' THEN CASE WHEN parts.starts_at IS NOT NULL THEN 'segments' END
        WHEN parts.starts_at IS NULL AND rental.billing = 'Metered' THEN CASE WHEN rental.paid <> 0 OR rental.refunded <> 0 OR rental.ends_at <> rental.starts_at THEN 'segments' END
        WHEN (parts.starts_at, parts.ends_at, parts.paid, parts.refunded, parts.extras)
            IS DISTINCT FROM (rental.starts_at, rental.ends_at, rental.paid, rental.refunded, rental.extras_paid) OR parts.has_gap THEN 'segments'
        WHEN (rental.kind = 'WholeNode' AND rental.ended_at IS NULL)
            <> EXISTS (SELECT FROM nodes WHERE id = rental.node_id AND whole_rental_id = of_rental) THEN 'node'
        WHEN escrow <> CASE WHEN rental.ended_at IS NULL THEN rental.paid - rental.refunded - rental.earned ELSE 0 END THEN 'charge or settlement'
        WHEN rental.end_reason = 'Moved' AND NOT EXISTS (
            SELECT FROM rentals WHERE moved_from = of_rental AND renter_id = rental.renter_id AND slice_total = rental.slice_total) THEN 'continuation'
        WHEN rental.moved_from IS NOT NULL AND NOT EXISTS (
            SELECT FROM rentals WHERE id = rental.moved_from AND renter_id = rental.renter_id AND end_reason = 'Moved') THEN 'origin' END;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'rental % is not whole: %', of_rental, missing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rentals_are_whole', TABLE = 'rentals';
    END IF;
END $$;

-- A replica of the previous release writes no segments: its rentals have one, which follows from the rental.
CREATE OR REPLACE FUNCTION check_changed_rental() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.billing = 'Prepaid' AND NEW.kind <> 'Machine' AND NOT EXISTS (SELECT FROM rental_segments WHERE rental_id = NEW.id) THEN
        INSERT INTO rental_segments (rental_id, number, kind, starts_at, ends_at, price_per_hour, hours, months, discount, paid)
        VALUES (NEW.id, 1, 'Term', NEW.starts_at, NEW.ends_at, NEW.price_per_hour, NEW.hours,
                coalesce(NEW.months, CASE WHEN NEW.discount > 0 AND NEW.hours % 720 = 0 THEN NEW.hours / 720 END), NEW.discount, NEW.paid);
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.refunded <> OLD.refunded THEN
        -- Likewise what it refunds: of a rental with one segment, it is that segment's.
        UPDATE rental_segments SET refunded = NEW.refunded
        WHERE rental_id = NEW.id AND refunded <> NEW.refunded AND NOT EXISTS (SELECT FROM rental_segments WHERE rental_id = NEW.id AND number > 1);
    END IF;
    PERFORM refuse_half_a_rental(NEW.id);
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS rentals_are_whole ON rentals; -- A constraint trigger cannot be replaced.
CREATE CONSTRAINT TRIGGER rentals_are_whole AFTER INSERT OR UPDATE OF status, starts_at, ends_at, paid, refunded, earned, extras_paid ON rentals
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_changed_rental();

-- A first segment comes with its rental, which is looked at above.
CREATE OR REPLACE FUNCTION check_changed_segment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refuse_half_a_rental(NEW.rental_id);
    RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS rental_segments_add_up_later ON rental_segments;
CREATE CONSTRAINT TRIGGER rental_segments_add_up_later AFTER INSERT ON rental_segments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number > 1) EXECUTE FUNCTION check_changed_segment();
DROP TRIGGER IF EXISTS rental_segments_change_with_their_rental ON rental_segments;
CREATE CONSTRAINT TRIGGER rental_segments_change_with_their_rental AFTER UPDATE ON rental_segments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_changed_segment();

-- Rentals of the previous release that began after the migration had given the others their segments.
INSERT INTO rental_segments (rental_id, number, kind, starts_at, ends_at, price_per_hour, hours, months, discount, paid, refunded)
SELECT id, 1, 'Term', starts_at, ends_at, price_per_hour, hours, coalesce(months, CASE WHEN discount > 0 AND hours % 720 = 0 THEN hours / 720 END), discount, paid, refunded
FROM rentals WHERE billing = 'Prepaid' AND kind <> 'Machine' AND NOT EXISTS (SELECT FROM rental_segments WHERE rental_id = rentals.id);
