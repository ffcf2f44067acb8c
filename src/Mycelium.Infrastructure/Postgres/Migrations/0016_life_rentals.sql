-- What a rental has beyond its first term. Defaults are constants, so no row is written; constraints hold for what is written from now on.
ALTER TABLE rentals
    ADD COLUMN IF NOT EXISTS name            text,
    ADD COLUMN IF NOT EXISTS fee             integer NOT NULL DEFAULT 0,    -- basis points of what is earned
    ADD COLUMN IF NOT EXISTS earned          bigint NOT NULL DEFAULT 0,     -- the sum of its rows in rental_earnings, set by trigger
    ADD COLUMN IF NOT EXISTS fee_earned      bigint NOT NULL DEFAULT 0,     -- likewise
    ADD COLUMN IF NOT EXISTS earned_until    timestamptz,                   -- as of when earnings were posted last
    ADD COLUMN IF NOT EXISTS written_off     bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS activated_at    timestamptz,
    ADD COLUMN IF NOT EXISTS auto_renew_max  bigint,
    ADD COLUMN IF NOT EXISTS renews_at       timestamptz,
    ADD COLUMN IF NOT EXISTS grace_ends_at   timestamptz;

ALTER TABLE rentals
    DROP CONSTRAINT IF EXISTS rentals_add_up,
    ADD CONSTRAINT rentals_add_up CHECK (
        slice_total = multiplier * quantity AND isfinite(starts_at) AND ends_at > starts_at
        AND refunded BETWEEN 0 AND paid AND earned BETWEEN 0 AND paid - refunded AND fee_earned BETWEEN 0 AND earned AND written_off >= 0
        AND fee BETWEEN 0 AND 10000) NOT VALID,
    DROP CONSTRAINT IF EXISTS rentals_end_for_a_reason,
    ADD CONSTRAINT rentals_end_for_a_reason CHECK (
        status IN ('Provisioning', 'Active', 'Grace') AND ended_at IS NULL AND end_reason IS NULL AND written_off = 0
        OR ended_at IS NOT NULL AND end_reason IS NOT NULL AND ended_at >= starts_at AND (
            status = 'Cancelled' AND end_reason IN ('CancelledByRenter', 'CancelledByFarmer', 'CancelledByOperator', 'Moved', 'HostEnded')
            OR status = 'Failed' AND end_reason = 'ProvisioningFailed' AND refunded = paid
            OR status = 'Expired' AND (end_reason = 'TermEnded' AND ended_at = ends_at OR end_reason = 'GraceEnded' AND ended_at > ends_at))) NOT VALID,
    DROP CONSTRAINT IF EXISTS rentals_wait_in_grace,
    ADD CONSTRAINT rentals_wait_in_grace CHECK ((status = 'Grace') = (grace_ends_at IS NOT NULL) AND (grace_ends_at IS NULL OR grace_ends_at > ends_at)) NOT VALID,
    DROP CONSTRAINT IF EXISTS rentals_renew_below_a_price,
    ADD CONSTRAINT rentals_renew_below_a_price CHECK (
        coalesce(auto_renew_max BETWEEN 0 AND 1000000000000, true)
        AND (renews_at IS NULL OR auto_renew_max IS NOT NULL)) NOT VALID, -- A replica of the previous release ends a rental and leaves both.
    DROP CONSTRAINT IF EXISTS rentals_have_short_names,
    ADD CONSTRAINT rentals_have_short_names CHECK (length(name) BETWEEN 1 AND 64) NOT VALID;

-- Few rentals at a time are in these states, so the indexes cost a rental that is active nothing.
CREATE INDEX IF NOT EXISTS rentals_in_between ON rentals (renter_id) INCLUDE (slice_total, ends_at) WHERE status IN ('Provisioning', 'Grace');
CREATE INDEX IF NOT EXISTS rentals_leaving_grace ON rentals (grace_ends_at) WHERE status = 'Grace';
CREATE INDEX IF NOT EXISTS rentals_renewing ON rentals (renews_at) WHERE renews_at IS NOT NULL;
