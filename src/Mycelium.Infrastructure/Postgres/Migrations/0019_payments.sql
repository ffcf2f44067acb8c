-- Money from a payment provider. What the provider says of a payment is cumulative and comes in any order; record_payment posts the difference to what was posted before.
CREATE TABLE payments (
    id           uuid PRIMARY KEY,
    provider_id  text NOT NULL UNIQUE CHECK (length(provider_id) BETWEEN 1 AND 255),
    account_id   uuid REFERENCES accounts,              -- null until an event names one that exists
    received     micro_usd_paid NOT NULL DEFAULT 0,     -- as the provider says
    refunded     micro_usd_paid NOT NULL DEFAULT 0,     -- likewise
    disputed     micro_usd_paid NOT NULL DEFAULT 0,     -- what its disputes hold back now
    deposited    micro_usd_paid NOT NULL DEFAULT 0,     -- as the ledger says
    taken_back   micro_usd_paid NOT NULL DEFAULT 0,     -- likewise
    entry_count  item_count NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT market_now(),
    CONSTRAINT payments_add_up CHECK (
        deposited <= received AND taken_back <= deposited AND (account_id IS NOT NULL OR deposited = 0))
);

CREATE INDEX payments_by_account ON payments (account_id, created_at) WHERE account_id IS NOT NULL;
CREATE INDEX payments_of_nobody ON payments (created_at) WHERE account_id IS NULL;

-- Stages only go forward: 0 an inquiry that moves nothing, 1 the money is held back or lost, 2 it was given back.
CREATE TABLE payment_disputes (
    id          text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    payment_id  uuid NOT NULL REFERENCES payments,
    amount      micro_usd_paid NOT NULL,
    stage       smallint NOT NULL CHECK (stage BETWEEN 0 AND 2)
);

CREATE INDEX payment_disputes_by_payment ON payment_disputes (payment_id);

-- Each event acts once. Kept for ever: a payment must be unique for ever.
CREATE TABLE payment_events (
    id           text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    type         text NOT NULL CHECK (length(type) BETWEEN 1 AND 100),
    provider_id  text,                                  -- of the payment
    received_at  timestamptz NOT NULL DEFAULT market_now()
);
