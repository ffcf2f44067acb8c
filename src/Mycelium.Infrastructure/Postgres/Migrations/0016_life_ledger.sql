-- A rental is charged once for each segment, and entries of other subjects happen once for each number too.
ALTER TABLE ledger_entries
    ADD COLUMN IF NOT EXISTS number      bigint NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS subject_id  uuid,          -- whom or what it is about where that is no rental: an account, a payment, a withdrawal
    ADD COLUMN IF NOT EXISTS as_of       timestamptz,   -- of earnings: the instant up to which they are counted
    DROP CONSTRAINT IF EXISTS ledger_entries_check,
    DROP CONSTRAINT IF EXISTS ledger_entries_are_of_rentals,
    ADD CONSTRAINT ledger_entries_are_of_rentals CHECK ((kind IN ('RentalCharge', 'RentalRefund', 'RentalSettlement', 'Penalty')) = (rental_id IS NOT NULL)) NOT VALID;
CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_once ON ledger_entries (rental_id, kind, number);
CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_once_a_subject ON ledger_entries (subject_id, kind, number) WHERE subject_id IS NOT NULL;
ALTER TABLE ledger_entries DROP CONSTRAINT IF EXISTS ledger_entries_rental_id_kind_key;

-- What each rental earned with an entry: the entry's postings are the sums for one farmer.
CREATE TABLE IF NOT EXISTS rental_earnings (
    rental_id  uuid NOT NULL REFERENCES rentals,
    entry_id   uuid NOT NULL REFERENCES ledger_entries,
    earned     bigint NOT NULL CHECK (earned > 0),
    fee        bigint NOT NULL,
    PRIMARY KEY (rental_id, entry_id),
    CHECK (fee BETWEEN 0 AND earned)
);

CREATE INDEX IF NOT EXISTS rental_earnings_by_entry ON rental_earnings (entry_id);

-- An owner's other accounts have its id with another version digit (the 13th): e for earnings, d for debts. So an id alone still tells what it is.
CREATE OR REPLACE FUNCTION earnings_account(owner uuid) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(owner::text PLACING 'e' FROM 15 FOR 1)::uuid $$;
CREATE OR REPLACE FUNCTION debt_account(owner uuid) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT overlay(owner::text PLACING 'd' FROM 15 FOR 1)::uuid $$;

ALTER TABLE ledger_accounts
    DROP CONSTRAINT IF EXISTS ledger_accounts_owner_id_key,
    DROP CONSTRAINT IF EXISTS ledger_accounts_check,
    DROP CONSTRAINT IF EXISTS ledger_accounts_check1,
    DROP CONSTRAINT IF EXISTS ledger_accounts_check2,
    DROP CONSTRAINT IF EXISTS ledger_accounts_have_their_ids,
    ADD CONSTRAINT ledger_accounts_have_their_ids CHECK (coalesce(
        CASE kind WHEN 'Wallet' THEN id = owner_id
                  WHEN 'Earnings' THEN id::text = overlay(owner_id::text PLACING 'e' FROM 15 FOR 1)
                  WHEN 'Debt' THEN id::text = overlay(owner_id::text PLACING 'd' FROM 15 FOR 1)
                  ELSE owner_id IS NULL AND id < '00000000-0000-0000-0000-000000010000' END, false)
        AND (owner_id IS NULL OR owner_id >= '00000000-0000-0000-0000-000000010000')) NOT VALID;
CREATE UNIQUE INDEX IF NOT EXISTS ledger_accounts_once ON ledger_accounts (owner_id, kind) WHERE owner_id IS NOT NULL;

INSERT INTO ledger_accounts (id, kind) VALUES
    ('00000000-0000-0000-0000-000000000003', 'PlatformFees'), ('00000000-0000-0000-0000-000000000004', 'Payouts') ON CONFLICT DO NOTHING;
INSERT INTO ledger_accounts (id, kind, owner_id) SELECT earnings_account(id), 'Earnings', id FROM accounts ON CONFLICT DO NOTHING;
INSERT INTO ledger_accounts (id, kind, owner_id) SELECT debt_account(id), 'Debt', id FROM accounts ON CONFLICT DO NOTHING;

-- Debts carry no running balance: they are few, and never positive.
ALTER TABLE ledger_postings
    DROP CONSTRAINT IF EXISTS ledger_postings_check,
    DROP CONSTRAINT IF EXISTS ledger_postings_continue_balances,
    ADD CONSTRAINT ledger_postings_continue_balances CHECK (
        (sequence IS NULL) = (balance_after IS NULL)
        AND (sequence IS NULL) = (account_id < '00000000-0000-0000-0000-000000010000' OR substr(account_id::text, 15, 1) = 'd')) NOT VALID;
CREATE INDEX IF NOT EXISTS debt_postings ON ledger_postings (account_id) WHERE sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000';
