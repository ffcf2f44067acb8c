-- A slice is a rental's or a reservation's.
ALTER TABLE slices
    ALTER COLUMN rental_id DROP NOT NULL,
    ADD COLUMN IF NOT EXISTS reservation_id uuid REFERENCES reservations,
    DROP CONSTRAINT IF EXISTS slices_have_one_holder,
    ADD CONSTRAINT slices_have_one_holder CHECK ((rental_id IS NULL) <> (reservation_id IS NULL)) NOT VALID;
CREATE INDEX IF NOT EXISTS slices_by_reservation ON slices (reservation_id) WHERE reservation_id IS NOT NULL;

ALTER TABLE nodes
    ADD COLUMN IF NOT EXISTS reserved_slices integer NOT NULL DEFAULT 0,    -- of the allocated ones, counted by trigger like these
    DROP CONSTRAINT IF EXISTS nodes_reserve_what_is_allocated,
    ADD CONSTRAINT nodes_reserve_what_is_allocated CHECK (reserved_slices BETWEEN 0 AND allocated_slices) NOT VALID;
