-- Documents that partners have registered, to be run by their id. A row says what the id means for ever: nothing changes it.
-- Each partner has rows of its own, also for a text that another has registered: which documents exist is nobody else's business.
CREATE TABLE operation_documents (
    account_id     uuid NOT NULL REFERENCES accounts,
    hash           text NOT NULL CHECK (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    text           text NOT NULL,
    byte_count     integer NOT NULL CHECK (byte_count = octet_length(text)),
    registered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, hash)
);
