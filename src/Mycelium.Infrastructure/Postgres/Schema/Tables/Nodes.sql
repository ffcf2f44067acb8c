-- What the grid reports of a node (written by the sync alone) and what we decide about it (farmer, price, publication, allocation).
CREATE TABLE nodes (
    id                    bigint PRIMARY KEY CHECK (id % 4294967296 > 0),
    grid                  text NOT NULL,
    grid_number           integer NOT NULL GENERATED ALWAYS AS ((id >> 32)::integer) STORED,
    grid_id               bigint NOT NULL GENERATED ALWAYS AS (id & 4294967295) STORED, -- the grid's own number
    farm_id               bigint NOT NULL REFERENCES farms,
    twin_id               twin_id NOT NULL,
    country               text,
    country_code          text,
    region                text,
    city                  text,
    latitude              double precision,
    longitude             double precision,
    status                node_status NOT NULL,
    certification         node_certification NOT NULL,
    is_dedicated          boolean NOT NULL,
    rented_by_twin_id     bigint,
    is_healthy            boolean NOT NULL,
    gpu_count             item_count NOT NULL,
    gpus                  jsonb NOT NULL,
    features              text[] NOT NULL,
    total_cores           item_count NOT NULL,
    total_memory_bytes    byte_count NOT NULL,
    total_ssd_bytes       byte_count NOT NULL,
    total_hdd_bytes       byte_count NOT NULL,
    used_cores            integer NOT NULL,             -- as reported: may be negative, or more than the total
    used_memory_bytes     bigint NOT NULL,
    used_ssd_bytes        bigint NOT NULL,
    used_hdd_bytes        bigint NOT NULL,
    upload_mbps           double precision,
    download_mbps         double precision,
    uptime_seconds        bigint NOT NULL,
    uptime_percent        percent,
    serial_number         text,
    grid_created_at       timestamptz,
    last_report_at        timestamptz NOT NULL,
    capacity_as_of        timestamptz NOT NULL,
    missed_passes         item_count NOT NULL DEFAULT 0,
    is_vanished           boolean NOT NULL GENERATED ALWAYS AS (missed_passes >= 3) STORED,
    farmer_id             uuid REFERENCES accounts,
    is_published          boolean NOT NULL DEFAULT false,
    price_per_slice       micro_usd_per_hour NOT NULL DEFAULT 0,
    slice_capacity        item_count NOT NULL,
    allocated_slices      item_count NOT NULL DEFAULT 0, -- counted from the table slices, by trigger
    overcommitted_slices  integer NOT NULL GENERATED ALWAYS AS (greatest(0, allocated_slices - slice_capacity)) STORED,
    free_slices           integer NOT NULL GENERATED ALWAYS AS (greatest(0, slice_capacity - allocated_slices)) STORED,
    is_sellable           boolean NOT NULL GENERATED ALWAYS AS (
                              farmer_id IS NOT NULL AND is_published AND missed_passes < 3 AND status <> 'Down'
                              AND rented_by_twin_id IS NULL AND allocated_slices <= slice_capacity) STORED,
    version               bigint NOT NULL DEFAULT 0,    -- grows with every change that becomes an event
    sync_sequence         bigint NOT NULL DEFAULT 0,
    FOREIGN KEY (grid_number, grid) REFERENCES grids (number, name),
    CONSTRAINT nodes_stay_on_their_grid CHECK (farm_id >> 32 = id >> 32),
    CONSTRAINT nodes_for_rent_have_a_farmer CHECK (farmer_id IS NOT NULL OR NOT is_published AND allocated_slices = 0)
) WITH (fillfactor = 70);   -- renting and syncing change no indexed column: with room in the page these updates touch no index

CREATE INDEX nodes_by_farm ON nodes (farm_id, id);
CREATE INDEX nodes_by_farmer ON nodes (farmer_id, id) WHERE farmer_id IS NOT NULL;
CREATE INDEX nodes_by_country ON nodes (country_code, id);
-- One grid's nodes, and a number that people know of: neither may read through the nodes of all grids.
CREATE INDEX nodes_by_grid ON nodes (grid, id);
CREATE INDEX nodes_by_grid_id ON nodes (grid_id, id);
CREATE INDEX nodes_by_twin ON nodes (grid_number, twin_id);

-- Whether a node was seen up in a slot of 40 minutes (Uptime.SlotOf). Up once is up: a second sample of a slot may only turn it up.
CREATE TABLE uptime_samples (
    node_id  bigint NOT NULL REFERENCES nodes,
    slot     bigint NOT NULL,
    is_up    boolean NOT NULL,
    PRIMARY KEY (node_id, slot)
);

CREATE INDEX uptime_samples_by_slot ON uptime_samples (slot);   -- old slots are deleted by range
