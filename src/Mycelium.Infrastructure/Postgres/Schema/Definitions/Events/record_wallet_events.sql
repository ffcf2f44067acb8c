-- definition 1
-- Each movement in a wallet is an event of its owner. Entries are looked up by their keys, however large the ledger is when the plan is made.
CREATE OR REPLACE FUNCTION record_changed_wallets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO events (kind, reason, account_id, state)
    SELECT 'WALLET', 'WalletChanged', posting.account_id, row_to_json(entry)
    FROM after_rows AS posting
    CROSS JOIN LATERAL (SELECT * FROM wallet_entries WHERE account_id = posting.account_id AND sequence = posting.sequence OFFSET 0) AS entry
    WHERE posting.sequence IS NOT NULL AND substr(posting.account_id::text, 15, 1) <> 'e' -- Not of earnings.
    ORDER BY posting.account_id, posting.sequence;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER ledger_postings_record_insert AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_changed_wallets();
