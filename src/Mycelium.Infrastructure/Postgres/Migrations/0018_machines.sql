CREATE DOMAIN machine_state AS text CHECK (VALUE IN ('Creating', 'Ready', 'Failed', 'Deleting', 'Gone'));

-- The machine of a rental: what its provisioner is told to make, and what it last reported. Written by MachineTable, and by a trigger when the rental ends.
CREATE TABLE machines (
    rental_id          uuid PRIMARY KEY REFERENCES rentals,
    node_id            bigint NOT NULL REFERENCES nodes,
    grid_number        integer NOT NULL GENERATED ALWAYS AS ((node_id >> 32)::integer) STORED,
    slice_total        positive_count NOT NULL,
    image              text CHECK (image ~ '^[a-z0-9][a-z0-9._-]{0,63}$'), -- null until the grid's default is known
    ssh_public_key     text NOT NULL CHECK (length(ssh_public_key) <= 16384),
    version            bigint NOT NULL CHECK (version >= 1), -- of what is wanted
    state              machine_state NOT NULL,
    reason             text CHECK (length(reason) <= 500),
    tries              item_count NOT NULL,
    claim              bigint NOT NULL,                      -- a replica that holds an older one writes nothing
    next_try_at        timestamptz,                          -- while a replica works on it, the end of its lease
    created_at         timestamptz NOT NULL,
    deadline_at        timestamptz NOT NULL,
    ready_at           timestamptz,
    deployed_at        timestamptz,
    unwanted_at        timestamptz,
    removed_at         timestamptz,
    used_cores         item_count NOT NULL,
    used_memory_bytes  byte_count NOT NULL,
    used_ssd_bytes     byte_count NOT NULL,
    public_ip_count    item_count NOT NULL,
    public_ip_hours    byte_count NOT NULL,
    traffic_gib        byte_count NOT NULL,
    metered_at         timestamptz,
    access             bytea CHECK (length(access) <= 131072), -- sealed
    CONSTRAINT machines_are_due_while_they_live CHECK ((next_try_at IS NULL) = (state IN ('Failed', 'Gone'))),
    CONSTRAINT machines_are_reached_while_ready CHECK ((access IS NOT NULL) = (state = 'Ready')),
    CONSTRAINT machines_end_with_their_rental CHECK (
        (unwanted_at IS NOT NULL) = (state IN ('Deleting', 'Gone')) AND (removed_at IS NOT NULL) = (state = 'Gone'))
);

CREATE INDEX machines_due ON machines (grid_number, next_try_at) WHERE next_try_at IS NOT NULL;
-- What a pass over a grid subtracts from what the grid reports as used.
CREATE INDEX machines_deployed ON machines (node_id) WHERE deployed_at IS NOT NULL AND unwanted_at IS NULL;

-- Machines that a provisioner lists and no rental wants, until they are deleted.
CREATE TABLE stray_machines (
    grid_number    grid_number NOT NULL REFERENCES grids (number),
    rental_id      uuid NOT NULL,
    first_seen_at  timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    PRIMARY KEY (grid_number, rental_id)
);

-- When the machines of a grid were last compared with its rentals, by whichever replica.
CREATE TABLE machine_comparisons (
    grid_number    grid_number PRIMARY KEY REFERENCES grids (number),
    begun_at       timestamptz NOT NULL,
    completed_at   timestamptz
);
