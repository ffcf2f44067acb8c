-- The grids of the market. A number is part of the ids of a grid's nodes and farms (id = number * 2^32 + the grid's own id), so it is never given to another grid
-- and a name never changes. A new grid gets the next number when a replica that is configured for it starts.
CREATE TABLE grids (
    number      grid_number PRIMARY KEY,
    name        grid_name NOT NULL UNIQUE,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (number, name)                               -- for foreign keys of rows that carry both
);

INSERT INTO grids (number, name) VALUES (0, 'main');

-- Numbers passes over grids: drawn before a pass reads, so the higher of two observations of a node is the newer one.
CREATE SEQUENCE sync_sequence;

-- How the passes over each grid went, for health and for choosing who is due. A pass holds the grid until its lease runs out or it ends; every write of a pass
-- checks that its own sequence is still the last, so a replica that comes back after its lease has run out can write nothing.
CREATE TABLE grid_syncs (
    grid_number        grid_number PRIMARY KEY REFERENCES grids,
    last_sequence      bigint NOT NULL DEFAULT 0,
    last_started_at    timestamptz,
    last_completed_at  timestamptz,
    last_error         text,
    node_count         item_count NOT NULL DEFAULT 0,   -- nodes that the last complete pass saw
    lease_expires_at   timestamptz                      -- null while no pass runs
);
