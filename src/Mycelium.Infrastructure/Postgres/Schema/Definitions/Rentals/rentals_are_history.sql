-- definition 3
-- A rental begins active, and its term is over when it expires. It is never deleted, its parties and terms never change, and once it has ended nothing does.
CREATE OR REPLACE FUNCTION refuse_change_of_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of rentals is refused: a rental begins active, keeps its parties and terms, expires at its end, and does not change once it has ended', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = 'rentals';
END $$;

CREATE OR REPLACE TRIGGER rentals_begin_active BEFORE INSERT ON rentals
    FOR EACH ROW WHEN (NEW.status <> 'Active') EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_expire_at_their_end BEFORE UPDATE OF status ON rentals
    FOR EACH ROW WHEN (NEW.status = 'Expired' AND NEW.ends_at > market_now()) EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_end_once BEFORE UPDATE ON rentals
    FOR EACH ROW WHEN (OLD.status <> 'Active') EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_keep_their_terms
    BEFORE UPDATE OF id, renter_id, node_id, farmer_id, multiplier, quantity, slice_total, price_per_hour, hours, discount, paid, starts_at, ends_at, ssh_public_key, quote_id ON rentals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_stay BEFORE DELETE OR TRUNCATE ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
