-- definition 1
-- What is promised from a wallet and not charged yet: the one place that counts it, so that no dollar counts twice. Nothing can be promised yet.
CREATE OR REPLACE FUNCTION committed_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT 0::bigint
$$;
