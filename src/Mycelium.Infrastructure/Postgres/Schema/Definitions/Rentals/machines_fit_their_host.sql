-- definition 1
-- A machine on a node that is rented whole is its host's renter's, has some of its host's slices, and takes none of the market. Whoever places one: all live machines of a host
-- together have no more slices than it does. The host is locked, so that two at once are counted one after the other.
CREATE OR REPLACE FUNCTION place_machine_on_host() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    host    rentals;
    placed  bigint;
BEGIN
    SELECT * INTO host FROM rentals WHERE id = NEW.host_rental_id FOR NO KEY UPDATE;
    placed := (SELECT sum(slice_total) FROM rentals WHERE host_rental_id = NEW.host_rental_id AND ended_at IS NULL);
    IF (host.kind, host.status, host.renter_id, host.node_id, host.farmer_id, host.ends_at)
        IS DISTINCT FROM ('WholeNode', 'Active', NEW.renter_id, NEW.node_id, NEW.farmer_id, NEW.ends_at) OR placed > host.slice_total
    THEN
        RAISE EXCEPTION 'machine % does not fit its host %', NEW.id, NEW.host_rental_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'machines_fit_their_host', TABLE = 'rentals';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER machines_fit_their_host AFTER INSERT ON rentals
    FOR EACH ROW WHEN (NEW.kind = 'Machine') EXECUTE FUNCTION place_machine_on_host();

-- The time of a machine is its host's: it is extended with it, and ends with it whatever way that ends. Whoever changes a host has locked its machines after it, before any
-- wallet or node.
CREATE OR REPLACE FUNCTION follow_host() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE rentals
    SET ends_at = NEW.ends_at, version = version + 1,
        status = CASE WHEN NEW.ended_at IS NULL THEN status ELSE 'Cancelled' END,
        ended_at = greatest(NEW.ended_at, CASE WHEN NEW.ended_at IS NOT NULL THEN starts_at END),
        end_reason = CASE WHEN NEW.ended_at IS NOT NULL THEN 'HostEnded' END
    WHERE host_rental_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_lead_their_machines AFTER UPDATE OF ended_at, ends_at ON rentals
    FOR EACH ROW WHEN (NEW.kind = 'WholeNode' AND (NEW.ends_at <> OLD.ends_at OR NEW.ended_at IS DISTINCT FROM OLD.ended_at)) EXECUTE FUNCTION follow_host();
