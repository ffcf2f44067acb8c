-- definition 1
-- Once a key of the ring is wrapped by a certificate, the application adds none that lies open: replicas of Production would refuse to start with it. The owner may,
-- since a backup of before is put back by the owner.
CREATE OR REPLACE FUNCTION refuse_open_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(session_user, current_user, 'MEMBER')
        AND (position('masterKey' IN NEW.xml) > 0 OR position('<!DOCTYPE' IN NEW.xml) > 0) -- Entities could spell the word.
        AND EXISTS (SELECT FROM data_protection_keys WHERE position('<encryptedSecret' IN xml) > 0 AND position('masterKey' IN xml) = 0)
    THEN
        RAISE EXCEPTION 'a key that no certificate wraps is not added next to those that one does'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'keys_are_wrapped', TABLE = 'data_protection_keys';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keys_are_wrapped BEFORE INSERT ON data_protection_keys FOR EACH ROW EXECUTE FUNCTION refuse_open_key();
