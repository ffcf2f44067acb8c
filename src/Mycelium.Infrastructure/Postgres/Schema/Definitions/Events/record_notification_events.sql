-- definition 1
-- Each notification is an event when it is written, and when it is marked as read, so that the account's other devices learn of it.
CREATE OR REPLACE FUNCTION record_created_notifications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO events (kind, reason, account_id, state)
    SELECT 'NOTIFICATION', 'NotificationCreated', notification.account_id, row_to_json(notification) FROM after_rows AS notification ORDER BY notification.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER notifications_record_insert AFTER INSERT ON notifications
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_created_notifications();

CREATE OR REPLACE FUNCTION record_read_notifications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_hashjoin = on AS $$ -- As for nodes: record_changed_nodes.
BEGIN
    INSERT INTO events (kind, reason, account_id, state, previous)
    SELECT 'NOTIFICATION', CASE WHEN notification.read_at IS NOT NULL AND was.read_at IS NULL THEN 'NotificationRead' END, notification.account_id,
           row_to_json(notification), columns_before(to_jsonb(was), to_jsonb(notification))
    FROM after_rows AS notification JOIN before_rows AS was ON was.id = notification.id
    ORDER BY notification.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER notifications_record_update AFTER UPDATE ON notifications
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_read_notifications();
