-- What accounts are told, by month: a month is dropped when all of it is old (keep_notifications). Names are those of the C# enum NotificationKind.
CREATE DOMAIN notification_kind AS text CHECK (VALUE IN (
    'RentalReady', 'RentalFailed', 'RentalExpiring', 'RentalRenewed', 'RentalRenewalFailed', 'RentalInGrace', 'RentalEnded', 'LowBalance', 'NodeDown', 'NodeUp',
    'RentalMoved', 'Refunded', 'Deposited', 'WithdrawalSettled', 'WithdrawalFailed', 'NameExpiring'));
CREATE DOMAIN notification_key AS text CHECK (length(VALUE) BETWEEN 1 AND 200);

-- Accounts, rentals and nodes are named and not referred to: none of them is ever deleted, and a foreign key would lock their tables for each new month.
CREATE TABLE notifications (
    id            uuid NOT NULL,                        -- of version 7: it grows with time
    account_id    uuid NOT NULL,
    kind          notification_kind NOT NULL,
    rental_id     uuid,
    node_id       bigint,
    subject       text CHECK (length(subject) <= 64),
    amount        bigint CHECK (amount >= 0),
    effective_at  timestamptz,
    detail        text CHECK (length(detail) <= 500),
    key           notification_key NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT market_now(),
    read_at       timestamptz,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);

CREATE INDEX notifications_by_account ON notifications (account_id, id);
CREATE INDEX notifications_unread ON notifications (account_id) WHERE read_at IS NULL;
CREATE INDEX notifications_of_nodes_down ON notifications (node_id, account_id) WHERE kind = 'NodeDown';

-- For whatever no month is made for: a notification must never fail what it reports.
CREATE TABLE notifications_other PARTITION OF notifications DEFAULT;

-- What was told. A unique index of a table by months would have to contain the month, and the same thing would be told once in each; so keys have a table of
-- their own, which tell_once fills and which is not divided. They outlive their notifications by a month.
CREATE TABLE notification_keys (
    account_id  uuid NOT NULL,
    key         notification_key NOT NULL,
    told_at     timestamptz NOT NULL DEFAULT market_now(),
    PRIMARY KEY (account_id, key)
);

CREATE INDEX notification_keys_by_age ON notification_keys (told_at);

-- A list of names grows by what is new, whatever it holds: other migrations of the same release add to it as well.
DO $$
DECLARE
    added  record;
    listed text;
BEGIN
    FOR added IN SELECT * FROM (VALUES
        ('event_kind', ARRAY['NOTIFICATION', 'WALLET']),
        ('event_reason', ARRAY['NotificationCreated', 'NotificationRead', 'WalletChanged'])) AS list (domain, names)
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
