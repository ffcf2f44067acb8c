-- definition 1
-- A grid keeps its number and its name for ever: ids of nodes, farms and rentals hold the number, and clients the name.
CREATE OR REPLACE FUNCTION refuse_lost_grid() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of grids is refused: a grid keeps its number and its name', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'grids_stay', TABLE = 'grids';
END $$;

CREATE OR REPLACE TRIGGER grids_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON grids FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_grid();
