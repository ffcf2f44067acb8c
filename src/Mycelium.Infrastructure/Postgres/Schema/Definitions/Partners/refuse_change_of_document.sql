-- definition 1
CREATE OR REPLACE FUNCTION refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a registered document never changes'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'operation_documents_never_change', TABLE = TG_TABLE_NAME;
END $$;

CREATE OR REPLACE TRIGGER operation_documents_never_change BEFORE UPDATE ON operation_documents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_document();
