-- definition 1
-- The rental of a machine has ended, however and by whoever: the machine is to be deleted, and its renter no longer reaches it. The version grows, so that the
-- deletion is newer than any order that is still on its way; the claim grows, so that a replica that works on the machine writes nothing about it any more.
-- Machines come after rentals, wallets and nodes in the order of row locks.
CREATE OR REPLACE FUNCTION unwant_machine() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE machines
    SET state = 'Deleting', unwanted_at = market_now(), next_try_at = market_now(), version = version + 1, claim = claim + 1, tries = 0, access = NULL
    WHERE rental_id = NEW.id AND unwanted_at IS NULL;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER rentals_unwant_machines AFTER UPDATE OF ended_at ON rentals
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION unwant_machine();
