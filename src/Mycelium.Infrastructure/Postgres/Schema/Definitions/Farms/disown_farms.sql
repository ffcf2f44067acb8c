-- definition 1
-- The farms of a twin that is linked to nobody any more belong to nobody: set_farm_owner finds no link and empties the owner.
CREATE OR REPLACE FUNCTION disown_farms_of_twin() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE farms IN SHARE ROW EXCLUSIVE MODE; -- As when a link is made: a farm that a pass is inserting at this moment has looked for its owner already.
    UPDATE farms SET owner_id = NULL WHERE grid_number = OLD.grid_number AND twin_id = OLD.twin_id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farmer_twins_disown_farms AFTER DELETE ON farmer_twins FOR EACH ROW EXECUTE FUNCTION disown_farms_of_twin();
