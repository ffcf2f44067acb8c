-- Mails that wait to be sent. A row that was sent, or that stands for a mail to an address that no account has, stays for an hour without its payload: it counts against the bound for that address.
CREATE TABLE mails (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recipient_hash  sha256_hash NOT NULL,               -- of the address, so that a row without payload names nobody
    payload         bytea,                              -- the address, the subject and the text, sealed by the key ring: they hold links that reset passwords
    created_at      timestamptz NOT NULL,               -- clock_timestamp(): links end by the machine's clock
    next_try_at     timestamptz NOT NULL,
    tries           integer NOT NULL DEFAULT 0
);

CREATE INDEX mails_to_send ON mails (next_try_at) WHERE payload IS NOT NULL;
CREATE INDEX mails_by_recipient ON mails (recipient_hash, created_at);
CREATE INDEX mails_by_age ON mails (created_at);
