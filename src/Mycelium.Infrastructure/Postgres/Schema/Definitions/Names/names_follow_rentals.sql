-- definition 1
-- The rental that a name leads to has ended, however and by whoever: the name stays its account's, leads nowhere, and the gateway forgets the route. Names come after rentals,
-- wallets and nodes in the order of row locks.
CREATE OR REPLACE FUNCTION unpoint_names() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE reserved_names AS name
    SET rental_id = NULL, route_version = greatest(name.route_version + 1, floor(extract(epoch FROM market_now()) * 1000)::bigint), route_tries = 0, route_next_at = market_now()
    WHERE name.rental_id = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_unpoint_names AFTER UPDATE OF ended_at ON rentals
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION unpoint_names();
