-- definition 1
-- A grid keeps its number and its name for ever: ids of nodes, farms and rentals hold the number, and clients the name.
CREATE OR REPLACE FUNCTION refuse_lost_grid() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of grids is refused: a grid keeps its number and its name', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'grids_stay', TABLE = 'grids';
END $$;

CREATE OR REPLACE TRIGGER grids_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON grids FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_grid();

-- Numbers are given in a row, so none is left out and all are never used up by one row.
CREATE OR REPLACE FUNCTION refuse_grid_out_of_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number) + 1, 0) FROM grids) THEN
        RAISE EXCEPTION 'grid % gets the next number, not %', NEW.name, NEW.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grids_are_numbered_in_order', TABLE = 'grids';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER grids_are_numbered_in_order BEFORE INSERT ON grids FOR EACH ROW EXECUTE FUNCTION refuse_grid_out_of_order();
