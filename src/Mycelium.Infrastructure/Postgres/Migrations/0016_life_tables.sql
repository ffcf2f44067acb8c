-- What was paid for a rental, in order and without gaps: the first term, extensions, renewals, time in grace.
CREATE TABLE IF NOT EXISTS rental_segments (
    rental_id       uuid NOT NULL REFERENCES rentals,
    number          positive_count NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('Term', 'Extension', 'Renewal', 'Grace', 'Move')),
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    price_per_hour  micro_usd_per_hour NOT NULL,
    hours           rental_hours,                       -- null for time in grace, which is paid as it passed, and for what a move bought
    months          integer,
    discount        basis_points NOT NULL,
    paid            micro_usd_paid NOT NULL,
    refunded        bigint NOT NULL DEFAULT 0,
    is_returned     boolean NOT NULL DEFAULT false,     -- given back whole before it started; it counts no longer
    quote_id        uuid,
    PRIMARY KEY (rental_id, number),
    CONSTRAINT rental_segments_add_up CHECK (
        ends_at > starts_at AND isfinite(starts_at) AND refunded BETWEEN 0 AND paid AND (refunded = paid OR NOT is_returned)
        AND (hours IS NULL) = (kind IN ('Grace', 'Move')) AND (hours IS NULL OR ends_at - starts_at = hours * interval '1 hour')
        AND (months IS NULL OR months > 0 AND hours = months * 720))
);

CREATE UNIQUE INDEX IF NOT EXISTS rental_segments_use_a_quote_once ON rental_segments (quote_id) WHERE quote_id IS NOT NULL;

-- Every change of a rental's life, kept for ever: what events tell for a day. Written by trigger.
CREATE TABLE IF NOT EXISTS rental_timeline (
    rental_id   uuid NOT NULL REFERENCES rentals,
    version     bigint NOT NULL,                        -- of the rental
    at          timestamptz NOT NULL,
    reason      event_reason NOT NULL,
    status      rental_status NOT NULL,
    ends_at     timestamptz NOT NULL,
    paid        bigint NOT NULL,
    refunded    bigint NOT NULL,
    PRIMARY KEY (rental_id, version)
);

-- Slices that are kept for an account while it decides. Rows of the last days alone: ended ones are deleted by prune_reservations.
CREATE TABLE IF NOT EXISTS reservations (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES accounts,
    node_id      bigint NOT NULL REFERENCES nodes,
    multiplier   positive_count NOT NULL,
    quantity     positive_count NOT NULL,
    slice_total  integer NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    end_reason   text CHECK (end_reason IN ('Rented', 'Released', 'Expired')),
    rental_id    uuid UNIQUE REFERENCES rentals DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT reservations_add_up CHECK (
        slice_total = multiplier * quantity AND expires_at > created_at AND (ended_at IS NULL) = (end_reason IS NULL)
        AND (ended_at IS NULL OR ended_at BETWEEN created_at AND expires_at) AND (rental_id IS NOT NULL) = (end_reason IS NOT DISTINCT FROM 'Rented'))
);

CREATE INDEX IF NOT EXISTS reservations_by_account ON reservations (account_id, id);
CREATE INDEX IF NOT EXISTS reservations_held ON reservations (expires_at) WHERE ended_at IS NULL;
