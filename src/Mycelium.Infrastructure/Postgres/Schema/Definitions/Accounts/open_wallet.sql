-- definition 2
-- An account and its wallet are made together.
CREATE OR REPLACE FUNCTION open_wallet() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_accounts (id, kind, owner_id) VALUES (NEW.id, 'Wallet', NEW.id);
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER accounts_have_a_wallet AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION open_wallet();
