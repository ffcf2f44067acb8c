-- definition 1
-- The former values of the columns that differ.
CREATE OR REPLACE FUNCTION columns_before(was jsonb, now_is jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(was) WHERE now_is -> key IS DISTINCT FROM value
$$;
