-- A numbered base slice that a rental holds; a free slice has no row. The primary key is the promise: a slice has one holder.
CREATE TABLE slices (
    node_id      bigint NOT NULL,                       -- its rental's node: count_slices checks that
    slice_index  item_count NOT NULL,
    rental_id    uuid NOT NULL REFERENCES rentals,
    PRIMARY KEY (node_id, slice_index)
);

CREATE INDEX slices_by_rental ON slices (rental_id);
