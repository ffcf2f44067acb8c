-- definition 1
-- Charges an account for a name outside of the hours that bill_metered charges: for the rest of the hour in which it is reserved, or returns from grace. The caller has locked
-- the wallet.
CREATE OR REPLACE FUNCTION charge_name(of_name uuid, amount bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    entry   uuid := gen_random_uuid();
    holder  uuid := (SELECT name.account_id FROM reserved_names AS name WHERE name.id = of_name);
BEGIN
    INSERT INTO ledger_entries (id, kind, subject_id, number)
    SELECT entry, 'NameCharge', of_name, 1 + coalesce(max(earlier.number), 0) FROM ledger_entries AS earlier WHERE earlier.subject_id = of_name AND earlier.kind = 'NameCharge';
    INSERT INTO ledger_postings (entry_id, account_id, amount)
    SELECT entry, posting.account_id, posting.moved
    FROM (VALUES ('00000000-0000-0000-0000-000000000003'::uuid, amount), (holder, -amount)) AS posting (account_id, moved) ORDER BY posting.account_id;
    UPDATE reserved_names AS name SET paid = name.paid + amount WHERE name.id = of_name;
END $$;
