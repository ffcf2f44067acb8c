-- Which text of each file in Schema/Definitions is in force: functions, triggers and views are written again at start when it has changed.
CREATE TABLE schema_definitions (
    name        text PRIMARY KEY,                       -- the file's path below Schema/Definitions, without its ending
    number      integer NOT NULL CHECK (number > 0),    -- grows with every released change of the text
    checksum    sha256_hash NOT NULL,                   -- of the text
    applied_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
