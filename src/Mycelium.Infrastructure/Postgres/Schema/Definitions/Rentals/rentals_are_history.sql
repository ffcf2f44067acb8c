-- definition 1
-- A rental is never deleted, its parties never change, and once ended it does not change at all.
CREATE OR REPLACE FUNCTION refuse_change_of_rental() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of rentals is refused: a rental keeps its parties, and once ended it does not change', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = 'rentals';
END $$;

CREATE OR REPLACE TRIGGER rentals_end_once BEFORE UPDATE ON rentals
    FOR EACH ROW WHEN (OLD.status <> 'Active') EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_keep_their_parties BEFORE UPDATE OF id, renter_id, node_id, farmer_id ON rentals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
CREATE OR REPLACE TRIGGER rentals_stay BEFORE DELETE OR TRUNCATE ON rentals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_rental();
