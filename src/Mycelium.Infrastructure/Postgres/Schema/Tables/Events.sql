-- Every committed change, written by triggers in the transaction of the change: no writer can forget one, and no subscriber sees one that was rolled back.
CREATE TABLE events (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        event_kind NOT NULL,
    reason      event_reason NOT NULL,
    node_id     bigint,
    rental_id   uuid,
    account_id  uuid,                                   -- the renter of a rental
    state       text NOT NULL,                          -- the whole row after the change, as JSON; a node's with its farm under "farm"
    previous    text,                                   -- the former values of the columns that differ, as JSON; null when the row is new
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The order of events. A number is written next to its event and not into it: an update would write the event, a node's whole state in it, a second time.
CREATE TABLE event_numbers (
    seq       bigint PRIMARY KEY,                       -- dense, in the order in which changes became visible
    event_id  bigint NOT NULL
);

-- Events that are committed and have no number yet, a row for each statement that wrote events (and for each 500 of them): nearly always empty.
CREATE TABLE events_waiting (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_ids  bigint[] NOT NULL
);

-- One row. A cursor of another epoch belongs to a database that is gone. Events first_seq to last_seq are there, without a gap.
CREATE TABLE event_counter (
    only_row   only_row PRIMARY KEY DEFAULT true,
    epoch      uuid NOT NULL DEFAULT gen_random_uuid(),
    first_seq  bigint NOT NULL DEFAULT 1,
    last_seq   bigint NOT NULL DEFAULT 0,
    CHECK (last_seq >= first_seq - 1)
);

INSERT INTO event_counter DEFAULT VALUES;
