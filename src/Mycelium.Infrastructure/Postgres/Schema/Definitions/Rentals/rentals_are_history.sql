-- definition 8
-- A rental begins, is never deleted, and keeps its parties and its first term. What is paid and refunded follows from its segments (rentals_are_whole), what is earned
-- from its rows in rental_earnings. Once it has ended nothing changes, except that what it earned is added up.
CREATE OR REPLACE FUNCTION refuse_change_of_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of rentals is refused: a rental begins active or in provisioning, keeps its parties and first term, ends when its time is over, and does not change once it has ended', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = 'rentals';
END $$;

CREATE OR REPLACE TRIGGER rentals_begin_active BEFORE INSERT ON rentals
    FOR EACH ROW WHEN (NEW.status NOT IN ('Active', 'Provisioning') OR NEW.earned <> 0 OR NEW.fee_earned <> 0 OR NEW.refunded <> 0)
    EXECUTE FUNCTION refuse_change_of_rental();
-- None ends in the future. A rental that was to renew itself, or is paid by the hour, waits in grace first, and a machine on a whole node ends with its host: a replica of the
-- previous release, which knows none of them, cannot end it.
CREATE OR REPLACE TRIGGER rentals_expire_at_their_end BEFORE UPDATE OF status ON rentals
    FOR EACH ROW WHEN (NEW.ended_at > greatest(market_now(), NEW.starts_at)
        OR NEW.status = 'Expired' AND NEW.end_reason = 'TermEnded' AND OLD.status = 'Active' AND (OLD.auto_renew_max IS NOT NULL OR OLD.billing = 'Metered' OR OLD.kind = 'Machine'))
    EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_live_in_order BEFORE UPDATE OF status ON rentals
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NOT (
        OLD.status = 'Provisioning' AND (NEW.status IN ('Active', 'Cancelled', 'Failed') OR NEW.status = 'Grace' AND OLD.billing = 'Metered')
        OR OLD.status = 'Active' AND NEW.status IN ('Grace', 'Cancelled', 'Expired') OR OLD.status = 'Grace' AND NEW.status IN ('Active', 'Cancelled', 'Expired')))
    EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_end_once
    BEFORE UPDATE OF status, starts_at, ends_at, ended_at, end_reason, paid, refunded, written_off, name, auto_renew_max, renews_at, grace_ends_at, activated_at, version,
                     spending_limit, extras_paid, billed_public_ip_hours, billed_traffic_gib ON rentals
    FOR EACH ROW WHEN (OLD.status NOT IN ('Provisioning', 'Active', 'Grace')) EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_keep_their_terms
    BEFORE UPDATE OF id, renter_id, node_id, farmer_id, multiplier, quantity, slice_total, hours, months, discount, fee, penalty_rate, ssh_public_key, quote_id, billing, moved_from,
        kind, node_discount, host_rental_id ON rentals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_start_once BEFORE UPDATE OF starts_at ON rentals
    FOR EACH ROW WHEN (NEW.starts_at <> OLD.starts_at AND OLD.status <> 'Provisioning') EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_stay BEFORE DELETE OR TRUNCATE ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();

-- What was earned is added up here and nowhere else.
CREATE OR REPLACE TRIGGER rentals_earn_by_entries BEFORE UPDATE OF earned, fee_earned ON rentals
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change_of_rental();

CREATE OR REPLACE FUNCTION add_up_earnings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE rentals SET earned = rentals.earned + added.earned, fee_earned = rentals.fee_earned + added.fee
    FROM (SELECT rental_id, sum(earned)::bigint AS earned, sum(fee)::bigint AS fee FROM after_rows GROUP BY rental_id) AS added WHERE rentals.id = added.rental_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rental_earnings_add_up AFTER INSERT ON rental_earnings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION add_up_earnings();
CREATE OR REPLACE TRIGGER rental_earnings_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON rental_earnings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

-- Segments are added, refunded, and moved as a whole when billing begins, and those of metered rentals grow by an hour with each entry that pays for one; the sums are looked
-- at when the transaction ends.
CREATE OR REPLACE TRIGGER rental_segments_stay BEFORE DELETE OR TRUNCATE ON rental_segments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rental_segments_keep_their_terms
    BEFORE UPDATE OF rental_id, number, kind, price_per_hour, hours, months, discount, quote_id ON rental_segments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rental_segments_grow_by_the_hour
    BEFORE UPDATE OF paid, metered_paid, entry_id, entry_paid, entry_extras, public_ip_hours, public_ip_paid, traffic_gib, traffic_paid ON rental_segments
    FOR EACH ROW WHEN (NOT (
        OLD.kind = 'Metered' AND NOT OLD.is_returned AND OLD.refunded = 0 AND NEW.starts_at = OLD.starts_at AND NEW.ends_at = OLD.ends_at + interval '1 hour'
        AND NEW.paid = OLD.paid + NEW.entry_paid AND NEW.metered_paid = OLD.metered_paid + NEW.entry_paid
        AND NEW.public_ip_paid + NEW.traffic_paid = OLD.public_ip_paid + OLD.traffic_paid + NEW.entry_extras
        AND (NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.entry_id IS NULL)))
    EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rental_timeline_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON rental_timeline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
