-- Money as double entry. Nothing here is ever changed or deleted; a correction is a new entry.

-- A wallet's id is its owner's account id. Shared accounts have the first ids of all, which no account has, so an id alone tells whether it is a wallet's.
CREATE TABLE ledger_accounts (
    id        uuid PRIMARY KEY,
    kind      ledger_account_kind NOT NULL,
    owner_id  uuid UNIQUE REFERENCES accounts,
    CHECK ((kind = 'Wallet') = (owner_id IS NOT NULL)),
    CHECK (owner_id IS NULL OR owner_id = id),
    CHECK ((kind = 'Wallet') = (id >= '00000000-0000-0000-0000-000000010000'))
);

CREATE UNIQUE INDEX ledger_accounts_shared ON ledger_accounts (kind) WHERE owner_id IS NULL;   -- one of each kind

INSERT INTO ledger_accounts (id, kind) VALUES
    ('00000000-0000-0000-0000-000000000001', 'ExternalCash'),
    ('00000000-0000-0000-0000-000000000002', 'Escrow');

CREATE TABLE ledger_entries (
    id          uuid PRIMARY KEY,
    kind        ledger_entry_kind NOT NULL,
    rental_id   uuid REFERENCES rentals,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((kind = 'Deposit') = (rental_id IS NULL)),
    UNIQUE (rental_id, kind)                            -- a rental is charged once and settled once
);

CREATE TABLE ledger_postings (
    entry_id       uuid NOT NULL REFERENCES ledger_entries,
    account_id     uuid NOT NULL REFERENCES ledger_accounts,
    amount         amount_moved NOT NULL,
    -- Of wallets only, both set by trigger: the shared accounts carry no running balance, because every rental would queue for it.
    sequence       bigint,
    balance_after  wallet_balance,
    PRIMARY KEY (entry_id, account_id),
    CHECK ((sequence IS NULL) = (balance_after IS NULL) AND (sequence IS NULL) = (account_id < '00000000-0000-0000-0000-000000010000'))
);

-- A balance is the last posting of its wallet: one index entry to read. Two transactions that continue a wallet from the same posting draw the same number, and
-- the second one fails.
CREATE UNIQUE INDEX wallet_postings ON ledger_postings (account_id, sequence) WHERE sequence IS NOT NULL;
