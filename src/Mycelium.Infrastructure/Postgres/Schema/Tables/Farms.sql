-- A farmer's identities on the grids, linked by an operator. A twin has one account; an account may have several twins.
CREATE TABLE farmer_twins (
    grid_number  grid_number NOT NULL REFERENCES grids,
    twin_id      twin_id NOT NULL,
    account_id   uuid NOT NULL REFERENCES accounts,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (grid_number, twin_id)
);

CREATE TABLE farms (
    id                    bigint PRIMARY KEY CHECK (id % 4294967296 > 0),
    grid                  text NOT NULL,
    grid_number           integer NOT NULL GENERATED ALWAYS AS ((id >> 32)::integer) STORED,
    grid_id               bigint NOT NULL GENERATED ALWAYS AS (id & 4294967295) STORED, -- the grid's own number
    name                  text NOT NULL,
    twin_id               twin_id NOT NULL,
    certification         farm_certification NOT NULL,
    is_dedicated          boolean NOT NULL,
    public_ip_count       item_count NOT NULL,
    free_public_ip_count  item_count NOT NULL,
    stellar_address       text,
    owner_id              uuid REFERENCES accounts,     -- follows from farmer_twins, by trigger
    capacity_as_of        timestamptz NOT NULL,
    FOREIGN KEY (grid_number, grid) REFERENCES grids (number, name)
);

CREATE INDEX farms_by_grid ON farms (grid, id);
CREATE INDEX farms_by_grid_id ON farms (grid_id, id);
CREATE INDEX farms_by_twin ON farms (grid_number, twin_id);
CREATE INDEX farms_by_owner ON farms (owner_id) WHERE owner_id IS NOT NULL;
