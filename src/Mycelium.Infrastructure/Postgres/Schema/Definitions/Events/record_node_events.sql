-- definition 6
-- A change of a node becomes an event when the node's version has grown. Instants and counters that move with every report are no change; any other change without a
-- new version is refused, since subscribers would never see it.

-- The farms are locked first, so that a change of theirs is either in the state or an event of its own.
CREATE OR REPLACE FUNCTION record_discovered_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET extra_float_digits = 1 AS $$
BEGIN
    PERFORM FROM farms WHERE id IN (SELECT farm_id FROM after_rows) ORDER BY id FOR SHARE;
    INSERT INTO events (kind, reason, node_id, state)
    SELECT 'NODE', 'NodeDiscovered', node.id, (SELECT state FROM node_states WHERE id = node.id) FROM after_rows AS node ORDER BY node.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_record_insert AFTER INSERT ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_discovered_nodes();

-- The reason follows from what differs: the first that holds. A change that none of them explains is refused, since reason is NOT NULL.
CREATE OR REPLACE FUNCTION reason_of_change(was nodes, now_is nodes) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN now_is.farmer_id IS NULL AND was.farmer_id IS NOT NULL THEN 'NodeLostFarmer'
        WHEN now_is.farmer_id IS DISTINCT FROM was.farmer_id THEN 'NodeRegistered'
        WHEN now_is.is_published AND NOT was.is_published THEN 'NodePublished'
        WHEN was.is_published AND NOT now_is.is_published THEN 'NodeUnpublished'
        WHEN now_is.price_per_slice <> was.price_per_slice THEN 'NodeRepriced'
        WHEN now_is.is_vanished AND NOT was.is_vanished THEN 'NodeVanished'
        WHEN was.is_vanished AND NOT now_is.is_vanished THEN 'NodeReturned'
        WHEN now_is.overcommitted_slices > 0 AND was.overcommitted_slices = 0 THEN 'NodeOvercommitted'
        WHEN was.overcommitted_slices > 0 AND now_is.overcommitted_slices = 0 THEN 'NodeNoLongerOvercommitted'
        WHEN now_is.status <> was.status THEN 'NodeStatusChanged'
        WHEN now_is.slice_capacity <> was.slice_capacity THEN 'NodeCapacityChanged'
        WHEN now_is.sync_sequence > was.sync_sequence THEN 'NodeObserved' END
$$;

CREATE OR REPLACE FUNCTION moves_with_reports_only(was nodes, now_is nodes) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    was.capacity_as_of := now_is.capacity_as_of;
    was.last_report_at := now_is.last_report_at;
    was.uptime_seconds := now_is.uptime_seconds;
    was.missed_passes := now_is.missed_passes;
    was.sync_sequence := now_is.sync_sequence;
    RETURN was *= now_is;
END $$;

-- Rows before and after are joined by hash (nested loops are off for it), whether they are two or the thousands of a page of the sync: the plan is made for the
-- first statement of a session and kept.
CREATE OR REPLACE FUNCTION record_changed_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET extra_float_digits = 1 SET enable_nestloop = off SET enable_hashjoin = on AS $$
DECLARE
    unseen bigint := (
        SELECT node.id FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id
        WHERE node.version <= was.version AND NOT moves_with_reports_only(was, node) LIMIT 1);
BEGIN
    IF unseen IS NOT NULL THEN
        RAISE EXCEPTION 'node % changes without a new version', unseen
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_change_by_version', TABLE = 'nodes';
    END IF;
    INSERT INTO events (kind, reason, node_id, state, previous)
    SELECT 'NODE', reason_of_change(was, node), node.id, (SELECT state FROM node_states WHERE id = node.id),
           columns_before(to_jsonb(was), to_jsonb(node)) || CASE
               -- What the node was includes the farm that it belonged to.
               WHEN node.farm_id <> was.farm_id THEN jsonb_build_object('farm', (SELECT to_jsonb(farm) FROM farms AS farm WHERE farm.id = was.farm_id))
               ELSE '{}' END
    FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id
    WHERE node.version <> was.version
    ORDER BY node.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_record_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION record_changed_nodes();

-- Inside a trigger, nodes are updated by count_slices, which changes how many of their slices are rented or reserved and nothing else. This is the most frequent change
-- by far, so it is spared comparing all columns. The other one is a farmer who leaves (follow_farm_owner).
CREATE OR REPLACE FUNCTION record_recounted_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET extra_float_digits = 1 AS $$
BEGIN
    INSERT INTO events (kind, reason, node_id, state, previous)
    SELECT 'NODE', CASE WHEN node.farmer_id IS DISTINCT FROM was.farmer_id THEN reason_of_change(was, node)
                        WHEN node.reserved_slices > was.reserved_slices THEN 'SlicesReserved'
                        WHEN node.allocated_slices < was.allocated_slices THEN 'SlicesReleased' ELSE 'SlicesRented' END,
           node.id, (SELECT state FROM node_states WHERE id = node.id),
           CASE WHEN node.farmer_id IS DISTINCT FROM was.farmer_id THEN columns_before(to_jsonb(was), to_jsonb(node))::text
                ELSE json_build_object('allocated_slices', was.allocated_slices, 'reserved_slices', was.reserved_slices, 'overcommitted_slices', was.overcommitted_slices, 'free_slices', was.free_slices,
                                       'is_sellable', was.is_sellable, 'unavailability', was.unavailability, 'whole_rental_id', was.whole_rental_id, 'version', was.version)::text END
    FROM after_rows AS node JOIN before_rows AS was ON was.id = node.id
    ORDER BY node.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_record_recount AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (pg_trigger_depth() > 0) EXECUTE FUNCTION record_recounted_nodes();

-- A farm's change is an event of each of its nodes, which inherit it. The nodes are locked first, so that a rental that began in between is in their state.
CREATE OR REPLACE FUNCTION record_changed_farms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET extra_float_digits = 1 AS $$
DECLARE
    changed bigint[] := ARRAY(
        SELECT farm.id FROM after_rows AS farm JOIN before_rows AS was ON was.id = farm.id
        WHERE to_jsonb(farm) - 'capacity_as_of' <> to_jsonb(was) - 'capacity_as_of');
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM FROM nodes WHERE farm_id = ANY (changed) ORDER BY id FOR NO KEY UPDATE;
        INSERT INTO events (kind, reason, node_id, state, previous)
        SELECT 'NODE', CASE WHEN farm.owner_id IS DISTINCT FROM was.owner_id THEN 'FarmOwnerChanged' ELSE 'FarmChanged' END, node.id, (SELECT state FROM node_states WHERE id = node.id), jsonb_build_object('farm', to_jsonb(was))
        FROM nodes AS node JOIN before_rows AS was ON was.id = node.farm_id JOIN after_rows AS farm ON farm.id = node.farm_id
        WHERE node.farm_id = ANY (changed)
        ORDER BY node.id;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farms_record_update AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_changed_farms();
