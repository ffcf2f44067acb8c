-- What the API shows and filters by, as columns that follow from the row. The table is rewritten once: about 2 s for 100,000 nodes.
ALTER TABLE nodes
    ADD COLUMN is_registered boolean NOT NULL GENERATED ALWAYS AS (farmer_id IS NOT NULL) STORED,
    -- An unregistered node has no price, so it neither shows as 0 nor sorts as the cheapest.
    ADD COLUMN price_per_slice_hour micro_usd_per_hour GENERATED ALWAYS AS (CASE WHEN farmer_id IS NOT NULL THEN price_per_slice END) STORED,
    -- As GridNode.WhyUnavailable says (a test compares both over random nodes).
    ADD COLUMN unavailability text GENERATED ALWAYS AS (CASE
        WHEN farmer_id IS NULL THEN 'NotRegistered'
        WHEN NOT is_published THEN 'NotPublished'
        WHEN missed_passes >= 3 THEN 'Vanished'
        WHEN doubted_since IS NOT NULL THEN 'Doubted'
        WHEN status = 'Down' THEN 'Down'
        WHEN is_dedicated THEN 'Dedicated'
        WHEN is_rented_on_grid OR rented_by_twin_id IS NOT NULL THEN 'RentedOnGrid'
        WHEN allocated_slices > slice_capacity THEN 'Overcommitted' END) STORED;

-- The version of the node, so that a client can tell which of two answers is the later.
ALTER TABLE slice_combinations ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE slice_combinations DISABLE TRIGGER USER; -- They refuse writes that do not follow from a change of a node.
UPDATE slice_combinations AS shown SET version = node.version FROM nodes AS node WHERE node.id = shown.node_id;
ALTER TABLE slice_combinations ENABLE TRIGGER USER;

-- The months of a term that was rented by the month. Older rentals show it by their discount.
ALTER TABLE rentals ADD COLUMN months integer CHECK (months > 0 AND hours = months * 720);
