-- definition 1
-- A grid keeps its number and its name for ever: the number is part of ids that rentals, ledgers and clients hold.
CREATE OR REPLACE FUNCTION refuse_change_of_grids() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'grids are never renamed, renumbered or deleted' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE OR REPLACE TRIGGER grids_stay BEFORE UPDATE OR DELETE ON grids FOR EACH ROW EXECUTE FUNCTION refuse_change_of_grids();
CREATE OR REPLACE TRIGGER grids_are_not_truncated BEFORE TRUNCATE ON grids FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_grids();
