-- Whether an account is a farmer is asked for each of its tokens and, once a second at most, while it calls.
CREATE INDEX farmer_twins_by_account ON farmer_twins (account_id);
