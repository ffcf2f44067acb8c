-- definition 1
-- A farm that changes hands by what its grid says, one entry for each side. A link that an operator makes or takes back is an entry of its own and changes farms from
-- inside a trigger.
CREATE OR REPLACE FUNCTION audit_farm_owners() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO audit_entries (actor, action, subject, subject_id, account_id, before, after)
    SELECT 'Grid', 'FarmOwnerChanged', 'Farm', farm.grid || '/' || farm.grid_id, side.account_id,
           jsonb_build_object('account_id', was.owner_id, 'twin_id', was.twin_id), jsonb_build_object('account_id', farm.owner_id, 'twin_id', farm.twin_id)
    FROM after_rows AS farm JOIN before_rows AS was ON was.id = farm.id
    CROSS JOIN LATERAL (VALUES (1, was.owner_id), (2, farm.owner_id)) AS side (number, account_id)
    WHERE farm.owner_id IS DISTINCT FROM was.owner_id AND side.account_id IS NOT NULL
    ORDER BY farm.id, side.number;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER farms_audit_owners AFTER UPDATE ON farms
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_farm_owners();
