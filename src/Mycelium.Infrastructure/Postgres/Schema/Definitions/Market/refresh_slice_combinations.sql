-- definition 4
-- Brings the table slice_combinations in line with slice_combinations_for_sale. Nothing else writes the table: outside these triggers a write is refused.

CREATE OR REPLACE FUNCTION refuse_change_of_market() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'slice_combinations follows from nodes and farms'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'slice_combinations_follow_nodes', TABLE = 'slice_combinations';
END $$;

CREATE OR REPLACE TRIGGER slice_combinations_follow_nodes BEFORE INSERT OR UPDATE OR DELETE ON slice_combinations
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change_of_market();
CREATE OR REPLACE TRIGGER slice_combinations_stay BEFORE TRUNCATE ON slice_combinations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_market();

-- What moves with every rental and every report is updated in place, and touches no index. These columns are named for speed only: any other difference is
-- found below, whatever column it is in. The version is the node's own: until the file of the view is applied, the view has none. Joins go by keys: planned for an array of unknown length, or with what a caller has set, a join would read the whole market.
CREATE OR REPLACE FUNCTION recount_slice_combinations(node_ids bigint[]) RETURNS void LANGUAGE plpgsql
    SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    UPDATE slice_combinations AS shown
    SET quantity_available = sale.quantity_available, capacity_as_of = sale.capacity_as_of, uptime_percent = sale.uptime_percent,
        upload_mbps = sale.upload_mbps, download_mbps = sale.download_mbps, version = node.version
    FROM slice_combinations_for_sale AS sale JOIN nodes AS node ON node.id = sale.node_id
    WHERE sale.node_id = ANY (node_ids) AND shown.id = sale.id AND (
        shown.version <> node.version OR shown.quantity_available <> sale.quantity_available OR shown.capacity_as_of <> sale.capacity_as_of
        OR (shown.uptime_percent, shown.upload_mbps, shown.download_mbps) IS DISTINCT FROM (sale.uptime_percent, sale.upload_mbps, sale.download_mbps));
END $$;

-- The nodes are locked first: what is read afterwards is what the last writer left. Rows are compared by the names of the view's columns, so a column that a
-- migration has added to the table, and the view does not have yet, does no harm.
CREATE OR REPLACE FUNCTION refresh_slice_combinations(node_ids bigint[]) RETURNS void LANGUAGE plpgsql
    SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$ -- By keys, as above.
BEGIN
    PERFORM FROM nodes WHERE id = ANY (node_ids) ORDER BY id FOR NO KEY UPDATE;
    PERFORM recount_slice_combinations(node_ids);
    DELETE FROM slice_combinations AS shown
    WHERE node_id = ANY (node_ids)
      AND NOT EXISTS (SELECT FROM slice_combinations_for_sale AS sale WHERE sale.node_id = shown.node_id AND sale.id = shown.id AND to_jsonb(shown) @> to_jsonb(sale));
    INSERT INTO slice_combinations SELECT * FROM slice_combinations_for_sale WHERE node_id = ANY (node_ids) ON CONFLICT (id) DO NOTHING;
END $$;

-- Called by every change of a node or of a farm's name, so no writer can forget it.
CREATE OR REPLACE FUNCTION refresh_market_of_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refresh_slice_combinations(ARRAY(SELECT id FROM after_rows WHERE is_published));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_refresh_market_insert AFTER INSERT ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_nodes();

-- A node that is taken off the market has rows to delete, so rows before count too.
CREATE OR REPLACE FUNCTION refresh_market_of_changed_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refresh_slice_combinations(ARRAY(SELECT id FROM after_rows WHERE is_published UNION SELECT id FROM before_rows WHERE is_published));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_refresh_market_update AFTER UPDATE ON nodes
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refresh_market_of_changed_nodes();

-- Inside a trigger, nodes are updated by count_slices, which changes how many of their slices are rented and nothing else, and by follow_farm_owner, which refreshes
-- the market of the nodes that it takes off.
CREATE OR REPLACE FUNCTION recount_market_of_nodes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM recount_slice_combinations(ARRAY(SELECT id FROM after_rows));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER nodes_recount_market AFTER UPDATE ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (pg_trigger_depth() > 0) EXECUTE FUNCTION recount_market_of_nodes();

CREATE OR REPLACE FUNCTION refresh_market_of_farms() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM refresh_slice_combinations(ARRAY(
        SELECT node.id FROM nodes AS node JOIN after_rows AS farm ON farm.id = node.farm_id JOIN before_rows AS was ON was.id = farm.id
        WHERE farm.name <> was.name AND node.is_published));
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farms_refresh_market AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_farms();
