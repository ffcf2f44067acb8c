-- A random mark on each numbered event. After a failover without the last commits, or a restored backup, numbers repeat and marks do not, so a cursor that carries
-- both is recognised as one of the time that was lost. Events numbered before this column existed have no mark; adding it rewrites nothing.
ALTER TABLE event_numbers ADD COLUMN mark bigint;
ALTER TABLE event_numbers ALTER COLUMN mark SET DEFAULT 1 + (random() * 9007199254740991)::bigint;
