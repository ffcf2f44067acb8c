-- definition 2
-- The one formula for what is for sale: for every registered and published node its combinations, as SliceCombination.Of(node, farm) has them (a test compares
-- both over random nodes). The table slice_combinations holds these rows. A new field is added at the end here, and to the table by a migration.
CREATE OR REPLACE VIEW slice_combinations_for_sale AS
SELECT node.id * 1024 + size.multiplier AS id, node.grid, node.id AS node_id, node.farm_id, size.multiplier, size.multiplier AS cores,
       size.multiplier * 4294967296 AS memory_bytes, size.multiplier * 214748364800 AS ssd_bytes,
       CASE WHEN node.is_sellable THEN node.free_slices / size.multiplier ELSE 0 END AS quantity_available,
       node.price_per_slice * size.multiplier AS price_per_hour, node.price_per_slice * size.multiplier * 720 AS price_per_month,
       farm.name AS farm_name, node.country, node.country_code, node.region, node.city, node.certification,
       node.uptime_percent, node.upload_mbps, node.download_mbps, node.gpu_count, node.is_dedicated,
       node.status AS node_status, node.capacity_as_of, node.version
FROM nodes AS node
JOIN farms AS farm ON farm.id = node.farm_id
CROSS JOIN unnest(ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) AS size (multiplier)
WHERE node.farmer_id IS NOT NULL AND node.is_published AND size.multiplier <= node.slice_capacity;

-- Nodes whose combinations were written without their version, by an older release or before this text. A statement would fire its triggers even for no rows.
DO $$
DECLARE
    outdated bigint[] := ARRAY(SELECT DISTINCT node.id FROM slice_combinations AS shown JOIN nodes AS node ON node.id = shown.node_id WHERE shown.version <> node.version);
BEGIN
    IF cardinality(outdated) > 0 THEN
        UPDATE nodes SET version = version + 1, sync_sequence = nextval('sync_sequence') WHERE id = ANY (outdated);
    END IF;
END $$;
