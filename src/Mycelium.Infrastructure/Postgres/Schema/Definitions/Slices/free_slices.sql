-- definition 1
-- The numbers of the lowest free slices of a node, at most so many; fewer when the node has fewer. While no slice has been given back below one that is still
-- rented, they begin where the count ends: one look at the index.
CREATE OR REPLACE FUNCTION free_slices(of_node bigint, wanted bigint) RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    node     record;
    highest  integer := (SELECT max(slice_index) FROM slices WHERE node_id = of_node);
BEGIN
    SELECT slice_capacity, allocated_slices INTO node FROM nodes WHERE id = of_node;
    RETURN QUERY SELECT number
        FROM generate_series(CASE WHEN node.allocated_slices = coalesce(highest + 1, 0) THEN node.allocated_slices ELSE 0 END, node.slice_capacity - 1) AS number
        WHERE NOT EXISTS (SELECT FROM slices WHERE node_id = of_node AND slice_index = number)
        LIMIT wanted;
END $$;
