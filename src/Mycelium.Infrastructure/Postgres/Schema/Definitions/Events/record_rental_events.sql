-- definition 2
CREATE OR REPLACE FUNCTION record_started_rentals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO events (kind, reason, node_id, rental_id, account_id, state)
    SELECT 'RENTAL', 'RentalStarted', rental.node_id, rental.id, rental.renter_id, row_to_json(rental) FROM after_rows AS rental ORDER BY rental.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_record_insert AFTER INSERT ON rentals
    REFERENCING NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_started_rentals();

-- A change that no reason explains is refused, since reason is NOT NULL.
CREATE OR REPLACE FUNCTION record_changed_rentals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_hashjoin = on AS $$ -- As for nodes: record_changed_nodes.
BEGIN
    INSERT INTO events (kind, reason, node_id, rental_id, account_id, state, previous)
    SELECT 'RENTAL', CASE rental.status WHEN 'Cancelled' THEN 'RentalCancelled' WHEN 'Expired' THEN 'RentalExpired' END,
           rental.node_id, rental.id, rental.renter_id, row_to_json(rental), columns_before(to_jsonb(was), to_jsonb(rental))
    FROM after_rows AS rental JOIN before_rows AS was ON was.id = rental.id
    ORDER BY rental.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_record_update AFTER UPDATE ON rentals
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION record_changed_rentals();
