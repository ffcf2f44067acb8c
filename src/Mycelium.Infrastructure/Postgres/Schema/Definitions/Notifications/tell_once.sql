-- definition 1
-- The same thing is told once, whoever tells it and however often: a notification whose key is known is not written, and that is no failure. Where two transactions
-- tell the same, the second waits for the first.
CREATE OR REPLACE FUNCTION tell_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO notification_keys (account_id, key) VALUES (NEW.account_id, NEW.key) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN NEW END;
END $$;

CREATE OR REPLACE TRIGGER notifications_are_told_once BEFORE INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION tell_once();
