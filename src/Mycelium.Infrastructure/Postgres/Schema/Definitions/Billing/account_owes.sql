-- definition 2
-- Whether an account owes money, and so starts nothing new: for rentals or names in grace, or a debt of its ledger account. Both are few and have an index of their own.
CREATE OR REPLACE FUNCTION account_owes(account uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM rentals WHERE renter_id = account AND status = 'Grace')
        OR EXISTS (SELECT FROM reserved_names WHERE account_id = account AND status = 'Grace')
        OR (SELECT coalesce(sum(amount), 0) < 0 FROM ledger_postings
            WHERE account_id = debt_account(account) AND sequence IS NULL AND account_id >= '00000000-0000-0000-0000-000000010000')
$$;
