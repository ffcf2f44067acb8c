-- What a single value may be. A domain is checked wherever its column is written, by whoever writes it; what looks at several columns is a CHECK of the table.

CREATE DOMAIN item_count AS integer CHECK (VALUE >= 0);
CREATE DOMAIN positive_count AS integer CHECK (VALUE > 0);
CREATE DOMAIN byte_count AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN percent AS double precision CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN basis_points AS integer CHECK (VALUE BETWEEN 0 AND 10000);

-- 2^21 grids of 2^32 nodes, and 2^10 sizes of each node: ids of slice combinations fill 63 bits.
CREATE DOMAIN grid_number AS integer CHECK (VALUE BETWEEN 0 AND 2097151);
CREATE DOMAIN grid_name AS text CHECK (VALUE ~ '^[a-z][a-z0-9-]{0,31}$');
CREATE DOMAIN twin_id AS bigint CHECK (VALUE BETWEEN 1 AND 4294967295);
CREATE DOMAIN farm_certification AS text CHECK (VALUE IN ('NotCertified', 'Silver', 'Gold'));
CREATE DOMAIN node_status AS text CHECK (VALUE IN ('Up', 'Down', 'Standby'));
CREATE DOMAIN node_certification AS text CHECK (VALUE IN ('Diy', 'Certified'));

-- A million dollars an hour: 512 slices of it for a month stay within 64 bits.
CREATE DOMAIN micro_usd_per_hour AS bigint CHECK (VALUE BETWEEN 0 AND 1000000000000);
CREATE DOMAIN micro_usd_paid AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN rental_hours AS integer CHECK (VALUE BETWEEN 1 AND 8760);
CREATE DOMAIN rental_status AS text CHECK (VALUE IN ('Active', 'Cancelled', 'Expired'));
CREATE DOMAIN rental_end_reason AS text CHECK (VALUE IN ('CancelledByRenter', 'TermEnded'));

CREATE DOMAIN ledger_account_kind AS text CHECK (VALUE IN ('ExternalCash', 'Wallet', 'Escrow'));
CREATE DOMAIN ledger_entry_kind AS text CHECK (VALUE IN ('Deposit', 'RentalCharge', 'RentalSettlement'));
-- A billion dollars at once, so that no sum of some leaves 64 bits.
CREATE DOMAIN amount_moved AS bigint CHECK (VALUE <> 0 AND VALUE BETWEEN -1000000000000000 AND 1000000000000000);
CREATE DOMAIN wallet_balance AS bigint CONSTRAINT wallets_never_negative CHECK (VALUE >= 0);

-- An event of another kind, or with another reason, is refused when it is written. Names are those of the C# enums EventKind and EventReason.
CREATE DOMAIN event_kind AS text CHECK (VALUE IN ('NODE', 'RENTAL'));
CREATE DOMAIN event_reason AS text CHECK (VALUE IN (
    'NodeDiscovered', 'NodeRegistered', 'NodePublished', 'NodeUnpublished', 'NodeRepriced', 'SlicesRented', 'SlicesReleased', 'NodeVanished', 'NodeReturned',
    'NodeOvercommitted', 'NodeNoLongerOvercommitted', 'NodeStatusChanged', 'NodeCapacityChanged', 'NodeObserved', 'FarmChanged',
    'RentalStarted', 'RentalCancelled', 'RentalExpired'));

CREATE DOMAIN idempotency_key AS text CHECK (length(VALUE) BETWEEN 8 AND 64);
CREATE DOMAIN sha256_hash AS bytea CHECK (length(VALUE) = 32);
CREATE DOMAIN only_row AS boolean CHECK (VALUE);
