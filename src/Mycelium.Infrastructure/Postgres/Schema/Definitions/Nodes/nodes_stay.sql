-- definition 1
-- Events, rentals and samples speak of nodes by their ids: a node that the grid no longer reports has vanished, and stays.
CREATE OR REPLACE FUNCTION refuse_lost_node() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of nodes is refused: a node keeps its row and its id', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nodes_stay', TABLE = 'nodes';
END $$;

CREATE OR REPLACE TRIGGER nodes_stay BEFORE DELETE OR TRUNCATE ON nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_lost_node();
CREATE OR REPLACE TRIGGER nodes_keep_their_ids BEFORE UPDATE OF id, grid ON nodes FOR EACH ROW
    WHEN (NEW.id <> OLD.id OR NEW.grid <> OLD.grid) EXECUTE FUNCTION refuse_lost_node();
