-- Rentals that are paid by the hour. Defaults are constants, so no row is written; constraints hold for what is written from now on.
ALTER TABLE rentals
    ADD COLUMN billing                 text NOT NULL DEFAULT 'Prepaid',
    ADD COLUMN spending_limit          bigint,                          -- null for none
    ADD COLUMN extras_paid             bigint NOT NULL DEFAULT 0,       -- public IPs and traffic; to the platform's fees, and never refunded
    ADD COLUMN billed_public_ip_hours  bigint NOT NULL DEFAULT 0,       -- what of its machine's meters is paid
    ADD COLUMN billed_traffic_gib      bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT rentals_are_billed CHECK (
        billing IN ('Prepaid', 'Metered') AND (billing = 'Metered' OR spending_limit IS NULL AND extras_paid = 0) AND coalesce(spending_limit >= 0, true)
        AND extras_paid >= 0 AND billed_public_ip_hours >= 0 AND billed_traffic_gib >= 0 AND (billing = 'Prepaid' OR auto_renew_max IS NULL)) NOT VALID,
    DROP CONSTRAINT rentals_add_up,
    ADD CONSTRAINT rentals_add_up CHECK (
        slice_total = multiplier * quantity AND isfinite(starts_at) AND (ends_at > starts_at OR billing = 'Metered' AND ends_at = starts_at)
        AND refunded BETWEEN 0 AND paid AND earned BETWEEN 0 AND paid - refunded AND fee_earned BETWEEN 0 AND earned AND written_off >= 0
        AND fee BETWEEN 0 AND 10000) NOT VALID;

CREATE INDEX rentals_metered ON rentals (renter_id) WHERE billing = 'Metered' AND ended_at IS NULL;

-- A metered rental has a row for each day (UTC), which grows by the hour: what each hour's entry of the ledger moved for it is the row's last part.
ALTER TABLE rental_segments
    ADD COLUMN metered_paid     bigint NOT NULL DEFAULT 0,              -- the part of paid that entries of the kind MeteredCharge moved
    ADD COLUMN entry_id         uuid REFERENCES ledger_entries,         -- the last of these entries
    ADD COLUMN entry_paid       bigint NOT NULL DEFAULT 0,              -- what it moved into escrow for this row
    ADD COLUMN entry_extras     bigint NOT NULL DEFAULT 0,              -- what it moved to the platform's fees for this row
    ADD COLUMN public_ip_hours  bigint NOT NULL DEFAULT 0,
    ADD COLUMN public_ip_paid   bigint NOT NULL DEFAULT 0,
    ADD COLUMN traffic_gib      bigint NOT NULL DEFAULT 0,
    ADD COLUMN traffic_paid     bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT rental_segments_kind_check,
    ADD CONSTRAINT rental_segments_kind_check CHECK (kind IN ('Term', 'Extension', 'Renewal', 'Grace', 'Move', 'Metered')),
    DROP CONSTRAINT rental_segments_add_up,
    ADD CONSTRAINT rental_segments_add_up CHECK (
        ends_at > starts_at AND isfinite(starts_at) AND refunded BETWEEN 0 AND paid AND (refunded = paid OR NOT is_returned)
        AND (hours IS NULL) = (kind IN ('Grace', 'Move', 'Metered')) AND (hours IS NULL OR ends_at - starts_at = hours * interval '1 hour')
        AND (months IS NULL OR months > 0 AND hours = months * 720)
        AND metered_paid BETWEEN 0 AND paid AND entry_paid BETWEEN 0 AND metered_paid AND entry_extras BETWEEN 0 AND public_ip_paid + traffic_paid
        AND public_ip_hours >= 0 AND public_ip_paid >= 0 AND traffic_gib >= 0 AND traffic_paid >= 0
        AND (kind = 'Metered' OR metered_paid = 0 AND public_ip_paid = 0 AND traffic_paid = 0 AND entry_id IS NULL)) NOT VALID;

-- Names under which a rental is reached through its grid's gateway. A released name is free for others, and its row stays.
CREATE TABLE reserved_names (
    id               uuid PRIMARY KEY,                                  -- of version 7: it grows with time
    grid             grid_name NOT NULL REFERENCES grids (name),
    name             text NOT NULL CHECK (name ~ '^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$'),
    account_id       uuid NOT NULL REFERENCES accounts,
    rental_id        uuid REFERENCES rentals,                           -- null while it points nowhere
    price_per_hour   micro_usd_per_hour NOT NULL,
    status           text NOT NULL CHECK (status IN ('Active', 'Grace', 'Released')),
    created_at       timestamptz NOT NULL,
    paid_until       timestamptz NOT NULL,
    grace_ends_at    timestamptz,
    released_at      timestamptz,
    release_reason   text CHECK (release_reason IN ('ReleasedByHolder', 'GraceEnded')),
    paid             bigint NOT NULL DEFAULT 0 CHECK (paid >= 0),                 -- all that was charged for it
    entry_id         uuid REFERENCES ledger_entries,                    -- the last MeteredCharge that paid for it
    entry_paid       bigint NOT NULL DEFAULT 0 CHECK (entry_paid BETWEEN 0 AND paid),
    -- Its route: what was wanted last, and what the provisioner was last known to have.
    route_version    bigint NOT NULL,
    route_done       bigint NOT NULL DEFAULT 0,
    route_tries      item_count NOT NULL DEFAULT 0,
    route_next_at    timestamptz,                                       -- while a replica works on it, the end of its lease
    route_problem    text CHECK (length(route_problem) <= 500),
    CONSTRAINT reserved_names_live_in_order CHECK (
        (status = 'Grace') = (grace_ends_at IS NOT NULL) AND (status = 'Released') = (released_at IS NOT NULL) AND (status = 'Released') = (release_reason IS NOT NULL)
        AND (status <> 'Released' OR rental_id IS NULL) AND paid_until >= created_at),
    CONSTRAINT reserved_names_are_routed CHECK (route_done <= route_version AND (route_next_at IS NOT NULL) = (route_done < route_version))
);

CREATE UNIQUE INDEX reserved_names_once ON reserved_names (grid, name) WHERE status <> 'Released';
CREATE INDEX reserved_names_by_account ON reserved_names (account_id, id);
CREATE INDEX reserved_names_live ON reserved_names (account_id) WHERE status <> 'Released';
CREATE INDEX reserved_names_due ON reserved_names (paid_until) WHERE status = 'Active';
CREATE INDEX reserved_names_leaving_grace ON reserved_names (grace_ends_at) WHERE status = 'Grace';
CREATE INDEX reserved_names_by_rental ON reserved_names (rental_id) WHERE rental_id IS NOT NULL;
CREATE INDEX reserved_names_to_route ON reserved_names (grid, route_next_at) WHERE route_next_at IS NOT NULL;

-- Accounts that were told that their balance is low, until they have recovered.
CREATE TABLE low_balances (
    account_id  uuid PRIMARY KEY REFERENCES accounts,
    told_at     timestamptz NOT NULL DEFAULT market_now()
);
