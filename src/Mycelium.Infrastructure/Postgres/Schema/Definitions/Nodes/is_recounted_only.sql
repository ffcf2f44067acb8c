-- definition 1
-- Whether slices were rented or came back and nothing else of the node changed: the most frequent change by far, which spares comparing all columns by name.
CREATE OR REPLACE FUNCTION is_recounted_only(was nodes, now_is nodes) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    was.allocated_slices := now_is.allocated_slices;
    was.overcommitted_slices := now_is.overcommitted_slices;
    was.free_slices := now_is.free_slices;
    was.is_sellable := now_is.is_sellable;
    was.version := now_is.version;
    RETURN was *= now_is;
END $$;
