-- What farmers take out. The amount leaves the wallet when it is requested, and comes back if the withdrawal is refused or fails; advance_withdrawal is the only way forward.
CREATE TABLE withdrawals (
    id            uuid PRIMARY KEY,                     -- of version 7: it grows with time
    account_id    uuid NOT NULL REFERENCES accounts,
    amount        bigint NOT NULL CHECK (amount > 0),
    state         text NOT NULL CHECK (state IN ('Requested', 'Approved', 'Sent', 'Settled', 'Failed', 'Refused')),
    reason        text CHECK (length(reason) <= 500),
    requested_at  timestamptz NOT NULL DEFAULT market_now(),
    approved_at   timestamptz,
    sent_at       timestamptz,
    ended_at      timestamptz,
    tries         item_count NOT NULL DEFAULT 0,
    next_try_at   timestamptz,                          -- while a replica works on it, the end of its lease
    CONSTRAINT withdrawals_go_forward CHECK (
        (ended_at IS NOT NULL) = (state IN ('Settled', 'Failed', 'Refused')) AND (approved_at IS NOT NULL) = (state NOT IN ('Requested', 'Refused'))
        AND (sent_at IS NOT NULL) = (state IN ('Sent', 'Settled', 'Failed')) AND (next_try_at IS NOT NULL) = (state IN ('Approved', 'Sent')))
);

CREATE INDEX withdrawals_by_account ON withdrawals (account_id, id);
CREATE INDEX withdrawals_due ON withdrawals (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX withdrawals_requested ON withdrawals (id) WHERE state = 'Requested';

DO $$
DECLARE
    added   record;
    listed  text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('ledger_entry_kind', ARRAY['WithdrawalRequested', 'WithdrawalSettled', 'WithdrawalReturned']),
        ('audit_action', ARRAY['WithdrawalApproved', 'WithdrawalRefused'])) AS list (domain, names)
    LOOP
        SELECT string_agg(quote_literal(name), ', ') INTO listed
        FROM (SELECT match[1] AS name
              FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''(\w+)''', 'g') AS match
              WHERE contypid = added.domain::regtype AND conname = added.domain || '_check'
              UNION SELECT unnest(added.names) ORDER BY name) AS both_lists;
        EXECUTE format('ALTER DOMAIN %I DROP CONSTRAINT %I', added.domain, added.domain || '_check');
        EXECUTE format('ALTER DOMAIN %I ADD CONSTRAINT %I CHECK (VALUE IN (%s)) NOT VALID', added.domain, added.domain || '_check', listed);
    END LOOP;
END $$;

ALTER TABLE audit_entries
    DROP CONSTRAINT IF EXISTS audit_entries_subject_check,
    ADD CONSTRAINT audit_entries_subject_check CHECK (subject IN ('Account', 'FarmerTwin', 'Farm', 'Grid', 'KeyRing', 'Withdrawal')) NOT VALID;
