CREATE TABLE rentals (
    id              uuid PRIMARY KEY,
    renter_id       uuid NOT NULL REFERENCES accounts,
    node_id         bigint NOT NULL REFERENCES nodes,
    farmer_id       uuid NOT NULL REFERENCES accounts,
    multiplier      positive_count NOT NULL,
    quantity        positive_count NOT NULL,
    slice_total     integer NOT NULL,
    price_per_hour  micro_usd_per_hour NOT NULL,
    hours           rental_hours NOT NULL,
    discount        basis_points NOT NULL,
    paid            micro_usd_paid NOT NULL,
    refunded        bigint NOT NULL,
    status          rental_status NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,               -- half-open: at this instant the slices are free
    ended_at        timestamptz,
    end_reason      rental_end_reason,
    ssh_public_key  text NOT NULL CHECK (length(ssh_public_key) <= 16384),
    version         bigint NOT NULL,
    CONSTRAINT rentals_add_up CHECK (
        slice_total = multiplier * quantity AND refunded BETWEEN 0 AND paid AND isfinite(starts_at) AND ends_at - starts_at = hours * interval '1 hour'),
    CONSTRAINT rentals_end_for_a_reason CHECK (
        status = 'Active' AND ended_at IS NULL AND end_reason IS NULL AND refunded = 0
        OR ended_at IS NOT NULL AND ended_at BETWEEN starts_at AND ends_at AND end_reason IS NOT NULL
            AND (status = 'Cancelled' AND end_reason = 'CancelledByRenter' OR status = 'Expired' AND end_reason = 'TermEnded' AND ended_at = ends_at AND refunded = 0))
);

CREATE INDEX rentals_by_renter ON rentals (renter_id, id);
CREATE INDEX rentals_by_farmer ON rentals (farmer_id, id);
CREATE INDEX rentals_by_node ON rentals (node_id, id);
-- What the expiry pass reads; ended rentals leave it, so it stays as small as the business of the day.
CREATE INDEX rentals_ending ON rentals (ends_at) WHERE status = 'Active';
