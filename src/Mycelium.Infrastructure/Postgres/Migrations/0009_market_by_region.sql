-- The market of one region in one size, cheapest first: what most callers ask for. slice_combinations_by_multiplier served it by reading all regions in the order
-- of price and leaving the others out: 1,392 rows for a page of 50 in the smallest region, ever further apart as the table grows. Plans and times are those of
-- 1,677,148 combinations of 450,000 nodes, warm, with node and farm joined, for the generic plan that connections for lists keep.

-- WHERE region = 'Oceania' AND multiplier = 2 AND quantity_available >= 1 ORDER BY price_per_hour, id
--   Limit -> Index Scan using slice_combinations_by_region, 76 rows (nothing free) filtered out: 0.3 ms; before 2.1 ms. Europe, the largest: 0.4 ms; before 0.9 ms.
CREATE INDEX slice_combinations_by_region ON slice_combinations (region, multiplier, price_per_hour, id);
