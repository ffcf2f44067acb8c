-- definition 4
-- What is promised from a wallet and not charged yet: the one place that counts it, so that no dollar counts twice. That is the next renewal of each rental that
-- renews itself, at its node's price, but none where that is above what the renter allowed; the next hour of what is paid by the hour; and the time that is owed in grace.
CREATE OR REPLACE FUNCTION committed_of(of_account uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (
        -- As ExtensionQuote rounds: the discount, half to even.
        coalesce(sum(list - round(list * paid.discount / 10000) + CASE WHEN list * paid.discount % 20000 = 5000 THEN 1 ELSE 0 END), 0)
        + (SELECT coalesce(sum(price_per_hour), 0) FROM rentals
           WHERE renter_id = of_account AND billing = 'Metered' AND ended_at IS NULL)
        + (SELECT coalesce(sum(price_per_hour), 0) FROM reserved_names WHERE account_id = of_account AND status <> 'Released')
        + (SELECT coalesce(sum(floor(owed.price_per_hour * extract(epoch FROM greatest(now_is, owed.since) - owed.since) / 3600)), 0)
           FROM (SELECT market_now() AS now_is OFFSET 0) AS clock CROSS JOIN (
               SELECT price_per_hour, ends_at AS since FROM rentals WHERE renter_id = of_account AND status = 'Grace'
               UNION ALL
               SELECT price_per_hour, paid_until FROM reserved_names WHERE account_id = of_account AND status = 'Grace') AS owed))::bigint
    FROM rentals AS rental
    JOIN nodes AS node ON node.id = rental.node_id
    CROSS JOIN LATERAL (SELECT floor(node.price_per_slice::numeric * rental.slice_total * (10000 - rental.node_discount) / 10000) AS price) AS today
    LEFT JOIN LATERAL (
        SELECT hours, discount FROM rental_segments WHERE rental_id = rental.id AND hours IS NOT NULL AND NOT is_returned ORDER BY number DESC LIMIT 1) AS term ON true
    -- A rental that was moved here has bought seconds, and renews for its hours.
    CROSS JOIN LATERAL (SELECT price * coalesce(term.hours, rental.hours) AS list, coalesce(term.discount, rental.discount) AS discount) AS paid
    WHERE rental.renter_id = of_account AND rental.ended_at IS NULL AND rental.renews_at IS NOT NULL AND price <= rental.auto_renew_max
$$;
