-- Sign-ins: who holds refresh tokens, and which one is the current. A refresh token carries the id and the generation; an access token the id.
CREATE TABLE sign_ins (
    id          uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at  timestamptz NOT NULL,                   -- clock_timestamp() and not market_now(), like all times here: tokens last for as long as machines count
    used_at     timestamptz NOT NULL,                   -- when a token was given last
    generation  integer NOT NULL DEFAULT 1,             -- of the refresh token that is current
    rotated_at  timestamptz,                            -- when it became the current one; the one before is answered for some seconds more
    expires_at  timestamptz NOT NULL,                   -- when the current refresh token ends; later rows are deleted
    ended_at    timestamptz,                            -- a used-up refresh token was used again: none of its tokens counts any more
    CHECK (generation >= 1)
);

CREATE INDEX sign_ins_by_account ON sign_ins (account_id);
CREATE INDEX sign_ins_by_expiry ON sign_ins (expires_at);

-- Tries to sign in, for each name and the network that they come from, and for each name from all unknown networks together (network ''). The name is stored as its SHA-256: tries at
-- names that no account has are counted alike.
CREATE TABLE sign_in_tries (
    name_hash     sha256_hash NOT NULL,
    network       text NOT NULL CHECK (length(network) <= 45),
    failures      integer NOT NULL DEFAULT 0,
    tried_at      timestamptz NOT NULL,                 -- the last try that was let through
    succeeded_at  timestamptz,                          -- the last one that was right: tries of others do not keep this network out
    PRIMARY KEY (name_hash, network)
);

CREATE INDEX sign_in_tries_by_age ON sign_in_tries (tried_at);

-- Codes of authenticators that were used: each counts once.
CREATE TABLE used_codes (
    account_id  uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    code        integer NOT NULL,
    used_at     timestamptz NOT NULL,
    PRIMARY KEY (account_id, code)
);

CREATE INDEX used_codes_by_age ON used_codes (used_at);

-- Until now no address could be confirmed, so that a sign-in needs it only of accounts that sign up from now on.
UPDATE accounts SET email_confirmed = true WHERE NOT email_confirmed;
