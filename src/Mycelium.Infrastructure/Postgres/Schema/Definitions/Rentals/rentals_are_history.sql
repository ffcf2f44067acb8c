-- definition 1
-- A rental is never deleted, its parties and terms never change, and once it has ended nothing does.
CREATE OR REPLACE FUNCTION refuse_change_of_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of rentals is refused: a rental keeps its parties and terms, and once ended it does not change', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = 'rentals';
END $$;

CREATE OR REPLACE TRIGGER rentals_end_once BEFORE UPDATE ON rentals
    FOR EACH ROW WHEN (OLD.status <> 'Active') EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_keep_their_terms
    BEFORE UPDATE OF id, renter_id, node_id, farmer_id, multiplier, quantity, slice_total, price_per_hour, hours, discount, paid, starts_at, ends_at, ssh_public_key ON rentals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_stay BEFORE DELETE OR TRUNCATE ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
