-- The secret that cursors are signed with, protected by the key ring: every replica reads the last row. A new row is added when the last one can no longer be opened.
CREATE TABLE cursor_keys (
    id                integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    protected_secret  bytea NOT NULL CHECK (length(protected_secret) <= 4096),
    created_at        timestamptz NOT NULL DEFAULT market_now()
);
