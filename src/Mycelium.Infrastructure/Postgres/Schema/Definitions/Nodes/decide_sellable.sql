-- definition 2
-- Whether free slices can be rented at this moment, as GridNode.WhyUnavailable says (a test compares both over random nodes). The column follows from the row,
-- whoever writes it and whatever it is set to.
CREATE OR REPLACE FUNCTION decide_sellable() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.is_sellable := NEW.farmer_id IS NOT NULL AND NEW.is_published AND NEW.missed_passes < 3 AND NEW.doubted_since IS NULL AND NEW.status <> 'Down'
        AND NOT NEW.is_dedicated AND NEW.rented_by_twin_id IS NULL AND NOT NEW.is_rented_on_grid AND NEW.allocated_slices <= NEW.slice_capacity
        AND NEW.whole_rental_id IS NULL;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER nodes_sellable BEFORE INSERT OR UPDATE ON nodes FOR EACH ROW EXECUTE FUNCTION decide_sellable();
ALTER TABLE nodes ENABLE ALWAYS TRIGGER nodes_sellable; -- Like a column that is generated, also where triggers are off.

-- Dedicated nodes that an older release left for sale.
UPDATE nodes SET version = version + 1, sync_sequence = nextval('sync_sequence') WHERE is_sellable AND is_dedicated;
