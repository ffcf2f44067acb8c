-- definition 2
-- A node's farmer is the owner of its farm, at every instant and whoever writes. When the node moves to a farm of another owner, or its farm gets another one, the
-- farmer leaves: registration, publication and price end, and so do quotes that were given until then. Rentals go on, and pay whom they promised. The new owner
-- registers the node like any other.
CREATE OR REPLACE FUNCTION follow_farm_owner() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    had_farmer  boolean := TG_OP = 'UPDATE' AND OLD.farmer_id IS NOT NULL;
BEGIN
    IF NEW.farmer_id IS NULL AND NOT had_farmer THEN
        RETURN NEW;
    END IF;
    -- The farm's owner stays until this transaction ends. Moves are few, and a farmer's own operations hold the node, which a change of its farm's owner waits for.
    IF TG_OP = 'UPDATE' AND NEW.farm_id <> OLD.farm_id THEN
        PERFORM FROM farms WHERE id = NEW.farm_id FOR SHARE;
    END IF;
    IF NEW.farmer_id = (SELECT owner_id FROM farms WHERE id = NEW.farm_id) THEN
        IF had_farmer AND NEW.farmer_id <> OLD.farmer_id THEN
            NEW.farmer_left_at := market_now();
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.farmer_id IS NOT NULL AND (NOT had_farmer OR NEW.farmer_id <> OLD.farmer_id) THEN
        IF EXISTS (SELECT FROM accounts WHERE id = NEW.farmer_id) THEN -- Otherwise the foreign key refuses it.
            RAISE EXCEPTION 'node % is of a farm that account % does not own', NEW.id, NEW.farmer_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_follow_their_farms_owner', TABLE = 'nodes';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.farmer_id IS NOT NULL THEN
        NEW.is_published := false; -- A writer that takes the farmer away and says nothing of this is refused.
    END IF;
    NEW.farmer_id := NULL;
    NEW.price_per_slice := 0;
    NEW.farmer_left_at := market_now();
    NEW.version := greatest(NEW.version, OLD.version + 1);
    RETURN NEW;
END $$;

-- Before nodes_sellable, which looks at what is left: triggers of a row run in the order of their names.
CREATE OR REPLACE TRIGGER nodes_follow_their_farms_owner BEFORE INSERT OR UPDATE OF farm_id, farmer_id ON nodes
    FOR EACH ROW EXECUTE FUNCTION follow_farm_owner();

-- The nodes are locked first: a farmer who is registering one at this moment is waited for, and then loses it too. The update names farm_id so that the trigger above
-- looks at the row; events and the market follow.
CREATE OR REPLACE FUNCTION leave_nodes_of_farms(farm_ids bigint[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    left_nodes  bigint[];
BEGIN
    PERFORM FROM nodes WHERE farm_id = ANY (farm_ids) ORDER BY id FOR NO KEY UPDATE;
    left_nodes := ARRAY(
        SELECT node.id FROM nodes AS node JOIN farms AS farm ON farm.id = node.farm_id
        WHERE farm_id = ANY (farm_ids) AND node.farmer_id IS NOT NULL AND node.farmer_id IS DISTINCT FROM farm.owner_id);
    IF cardinality(left_nodes) > 0 THEN
        UPDATE nodes SET farm_id = farm_id WHERE id = ANY (left_nodes);
        PERFORM refresh_slice_combinations(left_nodes); -- Inside a trigger, triggers of nodes recount the market only.
    END IF;
END $$;

CREATE OR REPLACE FUNCTION leave_nodes_of_changed_farms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changed  bigint[] := ARRAY(SELECT farm.id FROM after_rows AS farm JOIN before_rows AS was ON was.id = farm.id WHERE farm.owner_id IS DISTINCT FROM was.owner_id);
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM leave_nodes_of_farms(changed);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farms_release_nodes AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION leave_nodes_of_changed_farms();

-- Nodes that an older release left with a farmer who no longer owns their farm.
UPDATE nodes SET farm_id = farm_id
WHERE farmer_id IS NOT NULL AND farmer_id IS DISTINCT FROM (SELECT owner_id FROM farms WHERE farms.id = farm_id);
