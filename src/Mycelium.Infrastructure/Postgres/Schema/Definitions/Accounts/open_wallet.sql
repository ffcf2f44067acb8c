-- definition 3
-- An account is made together with its wallet and with the ledger accounts for what it earns and owes.
CREATE OR REPLACE FUNCTION open_wallet() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_accounts (id, kind, owner_id)
    VALUES (NEW.id, 'Wallet', NEW.id), (earnings_account(NEW.id), 'Earnings', NEW.id), (debt_account(NEW.id), 'Debt', NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_have_a_wallet AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION open_wallet();

-- Accounts that a replica of the previous release made after the migration.
INSERT INTO ledger_accounts (id, kind, owner_id) SELECT earnings_account(id), 'Earnings', id FROM accounts ON CONFLICT DO NOTHING;
INSERT INTO ledger_accounts (id, kind, owner_id) SELECT debt_account(id), 'Debt', id FROM accounts ON CONFLICT DO NOTHING;
