-- definition 1
-- The numbers of the lowest free slices of a node, at most so many; fewer when the node has fewer. While no slice has been given back below one that is still
-- rented, they begin where the count ends, and one look at the index says so. Otherwise each number is looked up by its key.
CREATE OR REPLACE FUNCTION free_slices(of_node bigint, wanted bigint) RETURNS SETOF integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    node     record;
    highest  integer := (SELECT max(slice_index) FROM slices WHERE node_id = of_node);
BEGIN
    SELECT slice_capacity, allocated_slices INTO node FROM nodes WHERE id = of_node;
    IF node.allocated_slices = coalesce(highest + 1, 0) THEN
        RETURN QUERY SELECT generate_series(node.allocated_slices::integer, least(node.slice_capacity, node.allocated_slices + wanted)::integer - 1);
    ELSE
        RETURN QUERY SELECT number FROM generate_series(0, node.slice_capacity - 1) AS number
            WHERE (SELECT slice_index FROM slices WHERE node_id = of_node AND slice_index = number) IS NULL LIMIT wanted;
    END IF;
END $$;
