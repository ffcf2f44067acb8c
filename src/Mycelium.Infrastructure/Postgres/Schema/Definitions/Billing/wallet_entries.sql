-- definition 1
-- What moved in wallets, as their owners see it. An event of a wallet has one of these rows as its state (record_wallet_events), so columns are only added, at the end.
CREATE OR REPLACE VIEW wallet_entries AS
SELECT entry.id, posting.account_id, posting.sequence, entry.kind, posting.amount, posting.balance_after, entry.rental_id,
       coalesce(rental.renter_id = posting.account_id, false) AS is_own_rental, entry.created_at
FROM ledger_postings AS posting JOIN ledger_entries AS entry ON entry.id = posting.entry_id LEFT JOIN rentals AS rental ON rental.id = entry.rental_id
WHERE posting.sequence IS NOT NULL AND substr(posting.account_id::text, 15, 1) <> 'e'; -- Not of earnings.

-- The first sequence of a wallet that is not before an instant, by halving: 20 look-ups for a million entries. Entries are written under the lock of their wallet, so
-- instants grow with sequences. Should the clock have gone back, each entry is still in exactly one of two ranges that meet, since a later instant never gets a
-- lower sequence.
CREATE OR REPLACE FUNCTION wallet_sequence_at(of_account uuid, instant timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    low     bigint := 1;
    high    bigint := 1 + coalesce((
        SELECT sequence FROM ledger_postings WHERE account_id = of_account AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1), 0);
    middle  bigint;
BEGIN
    WHILE low < high LOOP
        middle := (low + high) / 2;
        IF (SELECT created_at FROM ledger_postings JOIN ledger_entries ON id = entry_id WHERE account_id = of_account AND sequence = middle) < instant THEN
            low := middle + 1;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN low;
END $$;
