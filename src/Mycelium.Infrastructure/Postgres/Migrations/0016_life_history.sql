-- Rentals from before have one segment and, in their timeline, a beginning and perhaps an end. Replicas of the previous release go on adding rentals without segments:
-- rentals_are_whole gives them theirs.
INSERT INTO rental_segments (rental_id, number, kind, starts_at, ends_at, price_per_hour, hours, months, discount, paid, refunded)
SELECT id, 1, 'Term', starts_at, ends_at, price_per_hour, hours, coalesce(months, CASE WHEN discount > 0 AND hours % 720 = 0 THEN hours / 720 END), discount, paid, refunded
FROM rentals ON CONFLICT DO NOTHING;

INSERT INTO rental_timeline (rental_id, version, at, reason, status, ends_at, paid, refunded)
SELECT id, 1, starts_at, 'RentalStarted', 'Active', ends_at, paid, 0 FROM rentals ON CONFLICT DO NOTHING;
INSERT INTO rental_timeline (rental_id, version, at, reason, status, ends_at, paid, refunded)
SELECT id, version, ended_at, CASE status WHEN 'Cancelled' THEN 'RentalCancelled' ELSE 'RentalExpired' END, status, ends_at, paid, refunded
FROM rentals WHERE ended_at IS NOT NULL AND version > 1 ON CONFLICT DO NOTHING;
