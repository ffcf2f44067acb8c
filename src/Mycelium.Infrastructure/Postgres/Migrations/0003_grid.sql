-- What grids say that cannot be believed, nodes whose farm has another owner, and grids that shrink.

-- First, since a pass locks its row of grid_syncs before nodes.
-- A complete pass that misses more than half of a grid's nodes is not believed before an operator confirms it.
ALTER TABLE grid_syncs
    ADD COLUMN shrink_known_count      item_count,      -- nodes that had not vanished; null while no shrink waits or is being carried out
    ADD COLUMN shrink_remaining_count  item_count,      -- of those, the ones that the grid still lists
    ADD COLUMN shrink_since            timestamptz,
    ADD COLUMN shrink_confirmed_count  item_count,      -- a pass that finds at least so many remaining is believed
    ADD COLUMN shrink_confirmed_by     uuid REFERENCES accounts,
    ADD CONSTRAINT grid_syncs_shrink_at_once CHECK (
        (shrink_known_count IS NULL) = (shrink_remaining_count IS NULL) AND (shrink_known_count IS NULL) = (shrink_since IS NULL)
        AND (shrink_confirmed_count IS NULL) = (shrink_confirmed_by IS NULL) AND (shrink_confirmed_count IS NULL OR shrink_known_count IS NOT NULL)) NOT VALID;

ALTER TABLE nodes
    ADD COLUMN is_rented_on_grid  boolean NOT NULL DEFAULT false,
    ADD COLUMN doubted_since      timestamptz,
    ADD COLUMN farmer_left_at     timestamptz;

-- A node that lost its farmer keeps its rentals.
ALTER TABLE nodes
    DROP CONSTRAINT nodes_for_rent_have_a_farmer,
    ADD CONSTRAINT nodes_for_rent_have_a_farmer CHECK (farmer_id IS NOT NULL OR NOT is_published) NOT VALID; -- NOT VALID reads no table; it holds for every row that the one before held for.

-- A generated column keeps its expression for ever, or the table is rewritten. So is_sellable becomes a column that a trigger fills, whose text is in
-- Definitions/Nodes/decide_sellable.sql from now on. It is made here too: no row is written between the two without it.
ALTER TABLE nodes ALTER COLUMN is_sellable DROP EXPRESSION;

CREATE FUNCTION decide_sellable() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.is_sellable := NEW.farmer_id IS NOT NULL AND NEW.is_published AND NEW.missed_passes < 3 AND NEW.doubted_since IS NULL AND NEW.status <> 'Down'
        AND NEW.rented_by_twin_id IS NULL AND NOT NEW.is_rented_on_grid AND NEW.allocated_slices <= NEW.slice_capacity;
    RETURN NEW;
END $$;

CREATE TRIGGER nodes_sellable BEFORE INSERT OR UPDATE ON nodes FOR EACH ROW EXECUTE FUNCTION decide_sellable();

ALTER DOMAIN event_reason DROP CONSTRAINT event_reason_check;
ALTER DOMAIN event_reason ADD CONSTRAINT event_reason_check CHECK (VALUE IN (
    'NodeDiscovered', 'NodeRegistered', 'NodePublished', 'NodeUnpublished', 'NodeRepriced', 'SlicesRented', 'SlicesReleased', 'NodeVanished', 'NodeReturned',
    'NodeOvercommitted', 'NodeNoLongerOvercommitted', 'NodeStatusChanged', 'NodeCapacityChanged', 'NodeObserved', 'NodeLostFarmer', 'FarmChanged',
    'RentalStarted', 'RentalCancelled', 'RentalExpired')) NOT VALID;

-- What a grid says and we do not believe, a row for each field of a record, as of the last pass that saw it. At most GridFlaws.CountMax rows for a grid.
CREATE TABLE grid_flaws (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grid           text NOT NULL,
    grid_number    grid_number NOT NULL,
    subject        text NOT NULL CHECK (subject IN ('Node', 'Farm')),
    grid_id        bigint NOT NULL,                     -- as the grid wrote it, possible or not; 0 where there is none to read
    field          text NOT NULL CHECK (length(field) <= 64),
    reason         text NOT NULL,
    message        text NOT NULL CHECK (length(message) <= 512),
    first_seen_at  timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    UNIQUE (grid_number, subject, grid_id, field),
    FOREIGN KEY (grid_number, grid) REFERENCES grids (number, name)
);
