-- What is for rent, ready to be filtered and sorted: for every registered and published node the combinations of SliceCombination.Of(node, farm).
-- A test holds the function below and the domain's together.

CREATE TABLE slice_combinations (
    id                  bigint PRIMARY KEY,             -- node id * 1024 + multiplier
    node_id             bigint NOT NULL REFERENCES nodes,
    farm_id             bigint NOT NULL REFERENCES farms,
    multiplier          integer NOT NULL,
    cores               integer NOT NULL,
    memory_bytes        bigint NOT NULL,
    ssd_bytes           bigint NOT NULL,
    quantity_available  integer NOT NULL,
    price_per_hour      bigint NOT NULL,
    price_per_month     bigint NOT NULL,
    farm_name           text NOT NULL,
    country             text,
    country_code        text,
    region              text,
    city                text,
    certification       text NOT NULL,
    uptime_percent      double precision,
    upload_mbps         double precision,
    download_mbps       double precision,
    gpu_count           integer NOT NULL,
    is_dedicated        boolean NOT NULL,
    node_status         text NOT NULL,
    capacity_as_of      timestamptz NOT NULL,
    CHECK (id = node_id * 1024 + multiplier)
) WITH (fillfactor = 75);

-- Indexes for the market's filters, each with its plan and time on 40 610 combinations of 10 000 nodes (one page of 50, warm). None holds
-- quantity_available or capacity_as_of: a rental and a report of the grid change only these, and so touch no index at all (heap-only updates).

-- WHERE quantity_available >= 2 AND uptime_percent >= 99 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_price, 515 rows filtered out: 0.4 ms.
-- The next pages: AND price_per_hour >= $p AND (price_per_hour > $p OR price_per_hour = $p AND id > $i)
--   Limit -> Index Scan, Index Cond (price_per_hour >= $p): 0.05 ms. Without the first, redundant condition: 18 ms at the middle of the list.
CREATE INDEX slice_combinations_by_price ON slice_combinations (price_per_hour, id);
-- ORDER BY price_per_month, id: the same for those who think in months.
CREATE INDEX slice_combinations_by_monthly_price ON slice_combinations (price_per_month, id);
-- WHERE multiplier = 4 AND country_code IN ('BE', 'DE') AND quantity_available >= 1 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_multiplier, 720 rows filtered out: 0.5 ms.
CREATE INDEX slice_combinations_by_multiplier ON slice_combinations (multiplier, price_per_hour, id);
-- WHERE country_code = 'MT' AND quantity_available >= 1 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_country, 6 rows filtered out: 0.07 ms.
CREATE INDEX slice_combinations_by_country ON slice_combinations (country_code, price_per_hour, id);
-- WHERE city = 'Ghent' ORDER BY price_per_hour, id
--   Limit -> Sort -> Bitmap Index Scan on slice_combinations_by_city, 144 rows: 0.18 ms.
CREATE INDEX slice_combinations_by_city ON slice_combinations (city);
-- The combinations of a node or of a farm: nested lists, and refresh_slice_combinations below.
CREATE INDEX slice_combinations_by_node ON slice_combinations (node_id);
CREATE INDEX slice_combinations_by_farm ON slice_combinations (farm_id, price_per_hour, id);
-- What no index serves reads the table in the order of price until the page is full (farm_name LIKE '%arm 49%': 0.9 ms; region, GPU and
-- certification together: 14 ms) or whole (ORDER BY uptime_percent: 8 ms).

-- Brings the combinations of these nodes up to date, writing only rows that differ. The one place that writes the table.
-- The nodes are locked first: what is read afterwards is what the last writer left.
CREATE FUNCTION refresh_slice_combinations(node_ids bigint[]) RETURNS void LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    PERFORM FROM nodes WHERE id = ANY (node_ids) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM slice_combinations AS combination USING nodes AS node
    WHERE combination.node_id = ANY (node_ids) AND node.id = combination.node_id
      AND (node.farmer_id IS NULL OR NOT node.is_published OR combination.multiplier > node.slice_capacity);

    MERGE INTO slice_combinations AS combination
    USING (
        SELECT node.id * 1024 + multiplier AS id, node.id AS node_id, node.farm_id, multiplier, multiplier AS cores,
               multiplier * 4294967296 AS memory_bytes, multiplier * 214748364800 AS ssd_bytes,
               CASE WHEN node.is_sellable THEN node.free_slices / multiplier ELSE 0 END AS quantity_available,
               node.price_per_slice * multiplier AS price_per_hour, node.price_per_slice * multiplier * 720 AS price_per_month,
               farm.name AS farm_name, node.country, node.country_code, node.region, node.city, node.certification,
               node.uptime_percent, node.upload_mbps, node.download_mbps, node.gpu_count, node.is_dedicated,
               node.status AS node_status, node.capacity_as_of
        FROM nodes AS node
        JOIN farms AS farm ON farm.id = node.farm_id
        CROSS JOIN unnest(ARRAY[1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) AS multiplier
        WHERE node.id = ANY (node_ids) AND node.farmer_id IS NOT NULL AND node.is_published AND multiplier <= node.slice_capacity
    ) AS wanted ON combination.id = wanted.id
    WHEN MATCHED AND combination IS DISTINCT FROM wanted THEN UPDATE SET
        farm_id = wanted.farm_id, quantity_available = wanted.quantity_available,
        price_per_hour = wanted.price_per_hour, price_per_month = wanted.price_per_month, farm_name = wanted.farm_name,
        country = wanted.country, country_code = wanted.country_code, region = wanted.region, city = wanted.city,
        certification = wanted.certification, uptime_percent = wanted.uptime_percent, upload_mbps = wanted.upload_mbps,
        download_mbps = wanted.download_mbps, gpu_count = wanted.gpu_count, is_dedicated = wanted.is_dedicated,
        node_status = wanted.node_status, capacity_as_of = wanted.capacity_as_of
    WHEN NOT MATCHED THEN INSERT VALUES (
        wanted.id, wanted.node_id, wanted.farm_id, wanted.multiplier, wanted.cores, wanted.memory_bytes, wanted.ssd_bytes, wanted.quantity_available,
        wanted.price_per_hour, wanted.price_per_month, wanted.farm_name, wanted.country, wanted.country_code, wanted.region, wanted.city,
        wanted.certification, wanted.uptime_percent, wanted.upload_mbps, wanted.download_mbps, wanted.gpu_count, wanted.is_dedicated,
        wanted.node_status, wanted.capacity_as_of);
END $$;

-- Called from here, so that no writer of nodes or farms can forget it.
CREATE FUNCTION refresh_market_of_nodes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_slice_combinations(ARRAY(SELECT id FROM after_rows WHERE farmer_id IS NOT NULL));
    RETURN NULL;
END $$;

CREATE TRIGGER nodes_refresh_market_insert AFTER INSERT ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_nodes();
CREATE TRIGGER nodes_refresh_market_update AFTER UPDATE ON nodes
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_nodes();

CREATE FUNCTION refresh_market_of_farms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_slice_combinations(ARRAY(
        SELECT node.id FROM nodes AS node JOIN after_rows AS farm ON farm.id = node.farm_id JOIN before_rows AS was ON was.id = farm.id
        WHERE farm.name <> was.name AND node.is_published));
    RETURN NULL;
END $$;

CREATE TRIGGER farms_refresh_market AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION refresh_market_of_farms();
