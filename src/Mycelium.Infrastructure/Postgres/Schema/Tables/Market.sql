-- What is for rent, ready to be filtered and sorted: the rows of the view slice_combinations_for_sale, which has the formula. Columns are in the view's order.
CREATE TABLE slice_combinations (
    id                  bigint PRIMARY KEY CONSTRAINT slice_combinations_have_their_ids CHECK (id = node_id * 1024 + multiplier),
    grid                text NOT NULL,
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
    certification       node_certification NOT NULL,
    uptime_percent      percent,
    upload_mbps         double precision,
    download_mbps       double precision,
    gpu_count           item_count NOT NULL,
    is_dedicated        boolean NOT NULL,
    node_status         node_status NOT NULL,
    capacity_as_of      timestamptz NOT NULL
) WITH (fillfactor = 75);

-- Indexes for the market's filters, each with its plan and time on 40,610 combinations of 10,000 nodes (one page of 50, warm). None holds
-- quantity_available, capacity_as_of or a measurement: a rental and a report of the grid change only these, and so touch no index at all (heap-only updates).

-- WHERE quantity_available >= 2 AND uptime_percent >= 99 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_price, 515 rows filtered out: 0.4 ms.
-- The next pages: AND price_per_hour >= $p AND (price_per_hour > $p OR price_per_hour = $p AND id > $i)
--   Limit -> Index Scan, Index Cond (price_per_hour >= $p): 0.05 ms. Without the first, redundant condition: 18 ms at the middle of the list.
CREATE INDEX slice_combinations_by_price ON slice_combinations (price_per_hour, id);
-- ORDER BY price_per_month, id: the same by the month.
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
-- The combinations of a node or of a farm: nested lists, and refresh_slice_combinations.
CREATE INDEX slice_combinations_by_node ON slice_combinations (node_id);
CREATE INDEX slice_combinations_by_farm ON slice_combinations (farm_id, price_per_hour, id);
-- The market of one region in one size, cheapest first: what most callers ask for. Measured on 1,677,148 combinations of 450,000 nodes:
-- WHERE region = 'Oceania' AND multiplier = 2 AND quantity_available >= 1 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_region, 76 rows (nothing free) filtered out: 0.3 ms; by the index on multiplier 2.1 ms.
CREATE INDEX slice_combinations_by_region ON slice_combinations (region, multiplier, price_per_hour, id);
-- WHERE grid = 'test' ORDER BY price_per_hour, id: a small grid next to large ones would else read theirs until the page is full.
CREATE INDEX slice_combinations_by_grid ON slice_combinations (grid, price_per_hour, id);
-- What no index serves reads the table in the order of price until the page is full (farm_name LIKE '%arm 49%': 0.9 ms; region, GPU and
-- certification together: 14 ms) or whole (ORDER BY uptime_percent: 8 ms).
