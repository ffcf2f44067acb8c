-- What a farmer, or the platform, owes a renter whose rental was ended early: the promise is a share of the unused part, fixed when the rental begins. Written by
-- impose_penalty and pay_penalty alone.
ALTER TABLE rentals
    ADD COLUMN penalty_rate integer NOT NULL DEFAULT 0, -- basis points of what comes back
    ADD CONSTRAINT rentals_promise_a_share CHECK (penalty_rate BETWEEN 0 AND 10000) NOT VALID;

CREATE TABLE penalties (
    rental_id    uuid PRIMARY KEY REFERENCES rentals,
    payer_id     uuid REFERENCES accounts,              -- null: the platform
    amount       bigint NOT NULL CHECK (amount > 0),
    paid         bigint NOT NULL DEFAULT 0,             -- the sum of its entries
    entry_count  item_count NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT market_now(),
    CONSTRAINT penalties_add_up CHECK (paid BETWEEN 0 AND amount)
);

CREATE INDEX penalties_unpaid ON penalties (payer_id) WHERE paid < amount;
