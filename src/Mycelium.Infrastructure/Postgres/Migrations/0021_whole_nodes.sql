-- A rental that was moved to another node: which one it continues.
ALTER TABLE rentals ADD COLUMN IF NOT EXISTS moved_from uuid REFERENCES rentals;
CREATE UNIQUE INDEX IF NOT EXISTS rentals_move_once ON rentals (moved_from) WHERE moved_from IS NOT NULL;
