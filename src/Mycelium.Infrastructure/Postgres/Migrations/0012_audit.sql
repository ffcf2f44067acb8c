-- What was done with privilege: who, what, when, to what, before and after. Names are those of the C# enums in Mycelium.Domain/Audit.
CREATE DOMAIN audit_action AS text CHECK (VALUE IN (
    'FundsDeposited', 'FarmerTwinLinked', 'FarmerTwinUnlinked', 'PartnerGranted', 'PartnerRevoked', 'OperatorGranted', 'OperatorRevoked', 'GridShrinkConfirmed',
    'FarmOwnerChanged', 'AccountLocked', 'AccountUnlocked', 'SecondFactorRemoved', 'AccountClosed', 'KeysRevoked'));

-- Accounts are named and not referred to: the trail outlives them.
CREATE TABLE audit_entries (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    acted_at        timestamptz NOT NULL DEFAULT market_now(),
    transaction_id  xid8 NOT NULL DEFAULT pg_current_xact_id(),     -- acts_are_audited asks for the entry of its own transaction
    actor           text NOT NULL CHECK (actor IN ('Account', 'Command', 'Grid')),
    actor_id        uuid,
    action          audit_action NOT NULL,
    subject         text NOT NULL CHECK (subject IN ('Account', 'FarmerTwin', 'Farm', 'Grid', 'KeyRing')),
    subject_id      text NOT NULL CHECK (length(subject_id) BETWEEN 1 AND 64),
    account_id      uuid,                                   -- who gains or loses by it
    before          jsonb,                                  -- ids and amounts
    after           jsonb,
    CONSTRAINT audit_entries_name_an_account CHECK ((actor = 'Account') = (actor_id IS NOT NULL)),
    CONSTRAINT audit_entries_are_impersonal CHECK (position('@' IN concat(subject_id, before, after)) = 0)
);

CREATE INDEX audit_entries_by_transaction ON audit_entries (transaction_id);
CREATE INDEX audit_entries_by_account ON audit_entries (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, id) WHERE actor_id IS NOT NULL;
