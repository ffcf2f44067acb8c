-- definition 1
-- Gives a grid that is new the next number, and makes sure that it can be leased. Nothing else adds a grid. The lock comes before the snapshot that max(number) is read in,
-- so two new grids never get the same number; reading grids goes on.
CREATE OR REPLACE FUNCTION enrol_grid(grid_name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    LOCK TABLE grids IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO grids (number, name) SELECT coalesce(max(number), -1) + 1, grid_name FROM grids HAVING NOT coalesce(bool_or(name = grid_name), false);
    INSERT INTO grid_syncs (grid_number) SELECT number FROM grids WHERE name = grid_name ON CONFLICT DO NOTHING;
END $$;
