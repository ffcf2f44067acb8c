-- definition 1
-- What the application may have forgotten: nothing younger than an hour, whatever it asks for, since subscribers who come back go on from there.
CREATE OR REPLACE FUNCTION forget_old_events(age interval, batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN forget_events(market_now() - greatest(age, interval '1 hour'), batch);
END $$;
