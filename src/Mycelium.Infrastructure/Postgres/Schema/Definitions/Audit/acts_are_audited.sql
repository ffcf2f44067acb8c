-- definition 1
-- A privileged act of the application has an entry in the audit trail, written in the same transaction, whoever holds the application's connection. Who acted is what the
-- application says. The owner is not asked: releases from before the trail work as the owner.
CREATE OR REPLACE FUNCTION require_audit_entry(subject_account uuid, VARIADIC actions text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- A definer's function runs as the owner; session_user is who has connected.
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN;
    END IF;
    IF NOT EXISTS (
        SELECT FROM audit_entries
        WHERE transaction_id = pg_current_xact_id() AND action = ANY (actions) AND account_id = subject_account)
    THEN
        RAISE EXCEPTION 'this needs an entry of % in the audit trail, in the same transaction', array_to_string(actions, ' or ')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'acts_are_audited', TABLE = 'audit_entries';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION audit_role() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    role_name  text := (SELECT initcap(name) FROM roles WHERE id = coalesce(NEW.role_id, OLD.role_id));
BEGIN
    IF role_name NOT IN ('Partner', 'Operator') THEN
        RETURN NULL; -- Others give nothing that everybody does not have.
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM require_audit_entry(NEW.user_id, role_name || 'Granted');
    ELSE
        PERFORM require_audit_entry(OLD.user_id, role_name || 'Revoked', 'AccountClosed');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_twin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM require_audit_entry(NEW.account_id, 'FarmerTwinLinked');
    ELSE
        PERFORM require_audit_entry(OLD.account_id, 'FarmerTwinUnlinked');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_lock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM require_audit_entry(NEW.id, 'AccountLocked', 'AccountUnlocked', 'AccountClosed');
    RETURN NULL;
END $$;

-- Deferred, since the entry is written after its act. A constraint trigger cannot be replaced.
DROP TRIGGER IF EXISTS account_roles_are_audited ON account_roles;
CREATE CONSTRAINT TRIGGER account_roles_are_audited AFTER INSERT OR DELETE ON account_roles
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_role();
DROP TRIGGER IF EXISTS farmer_twins_are_audited ON farmer_twins;
CREATE CONSTRAINT TRIGGER farmer_twins_are_audited AFTER INSERT OR DELETE ON farmer_twins
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_twin();
DROP TRIGGER IF EXISTS account_locks_are_audited ON accounts;
CREATE CONSTRAINT TRIGGER account_locks_are_audited AFTER UPDATE OF lockout_end ON accounts
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.lockout_end IS DISTINCT FROM OLD.lockout_end) EXECUTE FUNCTION audit_lock();
