-- Documents that partners have registered, to be run by their id. A row says what the id means for ever: nothing changes or deletes it.

INSERT INTO roles (id, name, normalized_name, concurrency_stamp)
VALUES (gen_random_uuid(), 'partner', 'PARTNER', gen_random_uuid()::text);

-- Each partner has rows of its own, also of a text that another has registered: whose documents there are is nobody else's business.
CREATE TABLE operation_documents (
    account_id     uuid NOT NULL REFERENCES accounts,
    hash           text NOT NULL CHECK (hash = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
    text           text NOT NULL,
    byte_count     integer NOT NULL CHECK (byte_count = octet_length(text)),
    registered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (account_id, hash)
);

CREATE FUNCTION refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A registered document never changes.';
END $$;

CREATE TRIGGER operation_documents_never_change BEFORE UPDATE ON operation_documents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_document();
