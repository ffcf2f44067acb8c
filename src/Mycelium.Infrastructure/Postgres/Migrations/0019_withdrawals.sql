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
