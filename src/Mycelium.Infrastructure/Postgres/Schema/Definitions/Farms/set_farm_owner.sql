-- definition 3
-- A farm belongs to the account that its twin is linked to, also when the farm is seen after the link was made. Where a grid names another twin that nobody has linked, the
-- farm keeps its owner by the twin that is linked: a grid alone takes no farm from anybody. It moves when an operator links the new twin, and ends when the old one is unlinked.
CREATE OR REPLACE FUNCTION set_farm_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    keeper  bigint;
BEGIN
    NEW.owner_id := (SELECT account_id FROM farmer_twins WHERE grid_number = NEW.id >> 32 AND twin_id = NEW.twin_id);
    NEW.kept_by_twin_id := NULL;
    IF NEW.owner_id IS NULL AND TG_OP = 'UPDATE' THEN
        keeper := coalesce(OLD.kept_by_twin_id, OLD.twin_id);
        NEW.owner_id := (SELECT account_id FROM farmer_twins WHERE grid_number = NEW.id >> 32 AND twin_id = keeper);
        IF NEW.owner_id IS NOT NULL THEN
            NEW.kept_by_twin_id := keeper;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER farms_owner BEFORE INSERT OR UPDATE OF twin_id, owner_id, kept_by_twin_id ON farms FOR EACH ROW EXECUTE FUNCTION set_farm_owner();

-- The farms of a twin that was linked, linked to another account, or unlinked. What each has is for set_farm_owner to say; its nodes follow (follow_farm_owner).
CREATE OR REPLACE FUNCTION own_farms_of_twin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE farms IN SHARE ROW EXCLUSIVE MODE; -- A farm that a pass is inserting at this moment has looked for its owner already: wait, and see it.
    UPDATE farms SET owner_id = NULL
    WHERE (TG_OP <> 'DELETE' AND grid_number = NEW.grid_number AND NEW.twin_id IN (twin_id, kept_by_twin_id))
       OR (TG_OP <> 'INSERT' AND grid_number = OLD.grid_number AND OLD.twin_id IN (twin_id, kept_by_twin_id));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farmer_twins_own_farms AFTER INSERT OR UPDATE OR DELETE ON farmer_twins FOR EACH ROW EXECUTE FUNCTION own_farms_of_twin();

CREATE OR REPLACE FUNCTION refuse_loss_of_all_twins() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'twins are unlinked one by one'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'farmer_twins_stay', TABLE = 'farmer_twins';
END $$;

CREATE OR REPLACE TRIGGER farmer_twins_stay BEFORE TRUNCATE ON farmer_twins FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss_of_all_twins();
