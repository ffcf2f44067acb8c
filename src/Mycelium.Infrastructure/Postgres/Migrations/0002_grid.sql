-- What the grid tells (observed columns, written by the sync alone) and what we decide about it (farmer, price, allocation).

CREATE TABLE farms (
    id                    bigint PRIMARY KEY CHECK (id > 0),
    name                  text NOT NULL,
    twin_id               bigint NOT NULL,
    certification         text NOT NULL CHECK (certification IN ('NotCertified', 'Silver', 'Gold')),
    is_dedicated          boolean NOT NULL,
    public_ip_count       integer NOT NULL CHECK (public_ip_count >= 0),
    free_public_ip_count  integer NOT NULL CHECK (free_public_ip_count >= 0),
    stellar_address       text,
    owner_id              uuid REFERENCES accounts,     -- follows from farmer_twins, see farms_owner
    capacity_as_of        timestamptz NOT NULL
);

CREATE INDEX farms_by_twin ON farms (twin_id);
CREATE INDEX farms_by_owner ON farms (owner_id) WHERE owner_id IS NOT NULL;

-- A farmer's grid identity, linked by an operator. A twin has one account, an account may have several twins.
CREATE TABLE farmer_twins (
    twin_id     bigint PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES accounts,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE nodes (
    id                    bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992 / 1024),  -- combination ids stay exact in JavaScript
    farm_id               bigint NOT NULL REFERENCES farms,
    twin_id               bigint NOT NULL,
    country               text,
    country_code          text,
    region                text,
    city                  text,
    latitude              double precision,
    longitude             double precision,
    status                text NOT NULL CHECK (status IN ('Up', 'Down', 'Standby')),
    certification         text NOT NULL CHECK (certification IN ('Diy', 'Certified')),
    is_dedicated          boolean NOT NULL,
    rented_by_twin_id     bigint,
    is_healthy            boolean NOT NULL,
    gpu_count             integer NOT NULL CHECK (gpu_count >= 0),
    gpus                  jsonb NOT NULL,
    features              text[] NOT NULL,
    total_cores           integer NOT NULL CHECK (total_cores >= 0),
    total_memory_bytes    bigint NOT NULL CHECK (total_memory_bytes >= 0),
    total_ssd_bytes       bigint NOT NULL CHECK (total_ssd_bytes >= 0),
    total_hdd_bytes       bigint NOT NULL CHECK (total_hdd_bytes >= 0),
    used_cores            integer NOT NULL,
    used_memory_bytes     bigint NOT NULL,
    used_ssd_bytes        bigint NOT NULL,
    used_hdd_bytes        bigint NOT NULL,
    upload_mbps           double precision,
    download_mbps         double precision,
    uptime_seconds        bigint NOT NULL,
    uptime_percent        double precision CHECK (uptime_percent BETWEEN 0 AND 100),
    serial_number         text,
    grid_created_at       timestamptz,
    last_report_at        timestamptz NOT NULL,
    capacity_as_of        timestamptz NOT NULL,
    missed_passes         integer NOT NULL DEFAULT 0 CHECK (missed_passes >= 0),
    is_vanished           boolean NOT NULL GENERATED ALWAYS AS (missed_passes >= 3) STORED,
    farmer_id             uuid REFERENCES accounts,
    is_published          boolean NOT NULL DEFAULT false,
    price_per_slice       bigint NOT NULL DEFAULT 0 CHECK (price_per_slice >= 0),
    slice_capacity        integer NOT NULL CHECK (slice_capacity >= 0),
    allocated_slices      integer NOT NULL DEFAULT 0 CHECK (allocated_slices >= 0),
    overcommitted_slices  integer NOT NULL GENERATED ALWAYS AS (greatest(0, allocated_slices - slice_capacity)) STORED,
    free_slices           integer NOT NULL GENERATED ALWAYS AS (greatest(0, slice_capacity - allocated_slices)) STORED,
    is_sellable           boolean NOT NULL GENERATED ALWAYS AS (
                              farmer_id IS NOT NULL AND is_published AND missed_passes < 3 AND status <> 'Down'
                              AND rented_by_twin_id IS NULL AND allocated_slices <= slice_capacity) STORED,
    version               bigint NOT NULL DEFAULT 0,    -- grows with every change that is told as an event
    sync_sequence         bigint NOT NULL DEFAULT 0,
    CHECK (NOT is_published OR farmer_id IS NOT NULL),
    CHECK (farmer_id IS NOT NULL OR allocated_slices = 0)
) WITH (fillfactor = 70);   -- renting and syncing change no indexed column: with room in the page these updates touch no index

CREATE INDEX nodes_by_farm ON nodes (farm_id, id);
CREATE INDEX nodes_by_farmer ON nodes (farmer_id, id) WHERE farmer_id IS NOT NULL;
CREATE INDEX nodes_by_country ON nodes (country_code, id);
CREATE INDEX nodes_by_twin ON nodes (twin_id);

-- The last line against overbooking, whoever writes: allocation may not grow beyond the capacity. A plain CHECK would forbid the sync to record
-- that a node shrank below what is rented; so what is forbidden is the step, not the state.
CREATE FUNCTION refuse_overbooking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'node % has % slices and may not have % allocated', NEW.id, NEW.slice_capacity, NEW.allocated_slices
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_never_overbooked', TABLE = 'nodes';
END $$;

CREATE TRIGGER nodes_never_overbooked BEFORE UPDATE ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices > OLD.allocated_slices AND NEW.allocated_slices > NEW.slice_capacity)
    EXECUTE FUNCTION refuse_overbooking();
CREATE TRIGGER nodes_never_discovered_overbooked BEFORE INSERT ON nodes
    FOR EACH ROW WHEN (NEW.allocated_slices > NEW.slice_capacity)
    EXECUTE FUNCTION refuse_overbooking();

-- A farm belongs to the account that its twin is linked to, also when the farm is seen after the link was made.
CREATE FUNCTION set_farm_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.owner_id := (SELECT account_id FROM farmer_twins WHERE twin_id = NEW.twin_id);
    RETURN NEW;
END $$;

CREATE TRIGGER farms_owner BEFORE INSERT OR UPDATE OF twin_id, owner_id ON farms FOR EACH ROW EXECUTE FUNCTION set_farm_owner();

CREATE FUNCTION own_farms_of_twin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE farms SET owner_id = NEW.account_id WHERE twin_id = NEW.twin_id;
    RETURN NULL;
END $$;

CREATE TRIGGER farmer_twins_own_farms AFTER INSERT OR UPDATE ON farmer_twins FOR EACH ROW EXECUTE FUNCTION own_farms_of_twin();

-- Whether a node was seen up in a slot of 40 minutes (Uptime.SlotOf). Up once is up: a second sample of a slot may only turn it up.
CREATE TABLE uptime_samples (
    node_id  bigint NOT NULL REFERENCES nodes,
    slot     bigint NOT NULL,
    is_up    boolean NOT NULL,
    PRIMARY KEY (node_id, slot)
);

CREATE INDEX uptime_samples_by_slot ON uptime_samples (slot);   -- old slots are deleted by range

-- Numbers the passes over the grid: drawn before a pass reads, so that of two observations the higher one is the newer.
CREATE SEQUENCE sync_sequence;

-- One row: how the last passes went, for health and for choosing who is due.
CREATE TABLE sync_state (
    only_row           boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last_sequence      bigint NOT NULL DEFAULT 0,
    last_started_at    timestamptz,
    last_completed_at  timestamptz,
    last_error         text
);

INSERT INTO sync_state DEFAULT VALUES;
