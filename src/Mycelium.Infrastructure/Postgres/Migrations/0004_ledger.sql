-- Money as double entry. Nothing here is ever changed or deleted; a correction is a new entry.

-- A wallet's id is its owner's account id; the two shared accounts have fixed ids.
CREATE TABLE ledger_accounts (
    id        uuid PRIMARY KEY,
    kind      text NOT NULL CHECK (kind IN ('ExternalCash', 'Wallet', 'Escrow')),
    owner_id  uuid UNIQUE REFERENCES accounts,
    CHECK ((kind = 'Wallet') = (owner_id IS NOT NULL)),
    CHECK (owner_id IS NULL OR owner_id = id)
);

INSERT INTO ledger_accounts (id, kind) VALUES
    ('00000000-0000-0000-0000-000000000001', 'ExternalCash'),
    ('00000000-0000-0000-0000-000000000002', 'Escrow');

CREATE FUNCTION open_wallet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_accounts (id, kind, owner_id) VALUES (NEW.id, 'Wallet', NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER accounts_have_a_wallet AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION open_wallet();

CREATE TABLE ledger_entries (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('Deposit', 'RentalCharge', 'RentalSettlement')),
    rental_id   uuid REFERENCES rentals,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((kind = 'Deposit') = (rental_id IS NULL)),
    UNIQUE (rental_id, kind)                            -- a rental is charged once and settled once
);

CREATE TABLE ledger_postings (
    entry_id       uuid NOT NULL REFERENCES ledger_entries,
    account_id     uuid NOT NULL REFERENCES ledger_accounts,
    amount         bigint NOT NULL CHECK (amount <> 0),
    -- Wallets only, both set by continue_wallet: the shared accounts carry no running balance, because every rental would queue for it.
    sequence       bigint,
    balance_after  bigint CONSTRAINT wallets_never_negative CHECK (balance_after >= 0),
    PRIMARY KEY (entry_id, account_id),
    CHECK ((sequence IS NULL) = (balance_after IS NULL))
);

-- A balance is the last posting of its wallet: one index entry to read.
--   SELECT balance_after FROM ledger_postings WHERE account_id = $1 AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1
--   Limit -> Index Scan Backward using wallet_postings
CREATE UNIQUE INDEX wallet_postings ON ledger_postings (account_id, sequence) WHERE sequence IS NOT NULL;

-- Continues the wallet's chain of balances. Nobody else can write one, so no balance is ever edited or invented. The row lock makes two postings to
-- one wallet follow each other; the operations take it beforehand, in ascending order.
CREATE FUNCTION continue_wallet() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    last_sequence  bigint;
    last_balance   bigint;
BEGIN
    NEW.sequence := NULL;
    NEW.balance_after := NULL;
    PERFORM FROM ledger_accounts WHERE id = NEW.account_id AND kind = 'Wallet' FOR NO KEY UPDATE;
    IF FOUND THEN
        SELECT sequence, balance_after INTO last_sequence, last_balance
        FROM ledger_postings WHERE account_id = NEW.account_id AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
        NEW.sequence := coalesce(last_sequence, 0) + 1;
        NEW.balance_after := coalesce(last_balance, 0) + NEW.amount;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_postings_continue_wallet BEFORE INSERT ON ledger_postings FOR EACH ROW EXECUTE FUNCTION continue_wallet();

-- Every entry sums to zero at commit, whoever wrote it.
CREATE FUNCTION refuse_unbalanced_entry() RETURNS trigger LANGUAGE plpgsql
    SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    total numeric;
BEGIN
    SELECT sum(amount) INTO total FROM ledger_postings WHERE entry_id = NEW.entry_id;
    IF total <> 0 THEN
        RAISE EXCEPTION 'ledger entry % sums to %', NEW.entry_id, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_zero', TABLE = 'ledger_postings';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entries_sum_to_zero AFTER INSERT ON ledger_postings
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced_entry();

CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed: write a new entry', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_immutable', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER ledger_entries_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();
CREATE TRIGGER ledger_postings_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_postings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();

CREATE FUNCTION wallet_balance(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT balance_after FROM ledger_postings
                     WHERE account_id = of_account AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), 0)
$$;
