-- definition 2
-- Continues the chain of balances of a wallet, or of what a farmer earned. Nothing else can write one, so no balance is ever edited or invented. Operations lock the wallet's row beforehand, in
-- ascending order; where two continue the same posting all the same, the unique index on (account_id, sequence) lets one win.
CREATE OR REPLACE FUNCTION continue_wallet() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last  record;
BEGIN
    SELECT sequence, balance_after INTO last
    FROM ledger_postings WHERE account_id = NEW.account_id AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.balance_after := coalesce(last.balance_after, 0) + NEW.amount;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER ledger_postings_continue_wallet BEFORE INSERT ON ledger_postings
    FOR EACH ROW WHEN (NEW.account_id >= '00000000-0000-0000-0000-000000010000' AND substr(NEW.account_id::text, 15, 1) <> 'd') -- Neither shared nor a debt.
    EXECUTE FUNCTION continue_wallet();

CREATE OR REPLACE FUNCTION wallet_balance(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT balance_after FROM ledger_postings
                     WHERE account_id = of_account AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), 0)
$$;
