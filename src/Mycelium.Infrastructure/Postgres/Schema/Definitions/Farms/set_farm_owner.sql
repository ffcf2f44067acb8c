-- definition 1
-- A farm belongs to the account that its twin is linked to, also when the farm is seen after the link was made.
CREATE OR REPLACE FUNCTION set_farm_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.owner_id := (SELECT account_id FROM farmer_twins WHERE grid_number = NEW.id >> 32 AND twin_id = NEW.twin_id);
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER farms_owner BEFORE INSERT OR UPDATE OF twin_id, owner_id ON farms FOR EACH ROW EXECUTE FUNCTION set_farm_owner();

CREATE OR REPLACE FUNCTION own_farms_of_twin() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE farms IN SHARE ROW EXCLUSIVE MODE; -- A farm that a pass is inserting at this moment has looked for its owner already: wait, and see it.
    UPDATE farms SET owner_id = NEW.account_id WHERE grid_number = NEW.grid_number AND twin_id = NEW.twin_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farmer_twins_own_farms AFTER INSERT OR UPDATE ON farmer_twins FOR EACH ROW EXECUTE FUNCTION own_farms_of_twin();
