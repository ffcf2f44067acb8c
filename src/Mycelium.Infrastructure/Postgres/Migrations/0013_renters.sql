-- A quote is used once. Rentals from before, and those at the price of the moment, have none.
ALTER TABLE rentals ADD COLUMN quote_id uuid;
CREATE UNIQUE INDEX rentals_use_a_quote_once ON rentals (quote_id) WHERE quote_id IS NOT NULL;

-- What one renter has begun, holds and has cancelled lately, newest first: what limits of renters are decided on.
CREATE INDEX rentals_begun ON rentals (renter_id, starts_at);
CREATE INDEX rentals_held ON rentals (renter_id, ends_at) INCLUDE (slice_total) WHERE status = 'Active';
CREATE INDEX rentals_cancelled ON rentals (renter_id, ended_at) WHERE status = 'Cancelled';
