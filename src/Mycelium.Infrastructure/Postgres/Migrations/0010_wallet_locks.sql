-- To lock a row, PostgreSQL asks for the right to update one of its columns. Operations lock wallets and never update them, so there is a column for that right alone:
-- nothing writes it, and the trigger ledger_accounts_immutable refuses whoever tries.
ALTER TABLE ledger_accounts ADD COLUMN row_lock boolean;
