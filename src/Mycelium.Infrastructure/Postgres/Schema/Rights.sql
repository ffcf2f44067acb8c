-- definition 8
-- What the application's role may do. It has no right without a line here: every right is first revoked from it and from PUBLIC, in the same transaction. :application is the
-- role of Postgres:ConnectionString. A right that the code no longer uses stays for one more release, for replicas of the previous one.
-- Columns that triggers fill (balances, sequence numbers, counts, owners, what is for sale) are in no grant of INSERT or UPDATE: the functions behind these triggers are SECURITY
-- DEFINER and write them with the owner's rights. This role never updates or deletes rows of the ledger, events or their numbers.

DO $$
DECLARE
    owned  text;
BEGIN
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC, :application', current_database());
    FOR owned IN
        SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || oid::regclass
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND relowner = current_user::regrole
        UNION ALL
        SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'w') AND proowner = current_user::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, :application', owned);
    END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC, :application;
GRANT USAGE ON SCHEMA public TO :application;

-- Which schema the database has, for a replica that waits for its own.
GRANT SELECT ON "__EFMigrationsHistory", schema_definitions TO :application;

-- Accounts: ASP.NET Core Identity writes whole rows. No account is deleted.
GRANT SELECT, INSERT,
    UPDATE (user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash, security_stamp, concurrency_stamp, phone_number,
            phone_number_confirmed, two_factor_enabled, lockout_end, lockout_enabled, access_failed_count)
    ON accounts TO :application;
GRANT SELECT ON roles, role_claims, account_claims, account_logins TO :application;
GRANT SELECT, INSERT, DELETE ON account_roles TO :application;
GRANT SELECT, INSERT, UPDATE (value), DELETE ON account_tokens TO :application;
GRANT SELECT, INSERT (id, account_id, created_at, used_at, expires_at), UPDATE (used_at, generation, rotated_at, expires_at, ended_at), DELETE ON sign_ins TO :application;
GRANT SELECT, INSERT (name_hash, network, failures, tried_at, succeeded_at), UPDATE (failures, tried_at, succeeded_at), DELETE ON sign_in_tries TO :application;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON used_codes TO :application;
GRANT SELECT, INSERT (recipient_hash, payload, created_at, next_try_at), UPDATE (payload, next_try_at, tries), DELETE ON mails TO :application;
GRANT SELECT, INSERT (friendly_name, xml) ON data_protection_keys TO :application;
GRANT SELECT, INSERT (protected_secret) ON cursor_keys TO :application;
GRANT SELECT, INSERT (account_id, operation, key, fingerprint, answer) ON idempotency_keys TO :application; -- prune_idempotency_keys deletes old ones.
GRANT SELECT, INSERT (account_id, hash, text, byte_count) ON operation_documents TO :application;

-- Grids, farms and nodes: what the grid reports and what farmers decide. Owners of farms follow from twins; enrol_grid adds grids.
GRANT SELECT ON grids TO :application;
GRANT USAGE ON SEQUENCE sync_sequence TO :application;
GRANT SELECT,
    UPDATE (last_sequence, last_started_at, last_completed_at, last_error, node_count, lease_expires_at,
            shrink_known_count, shrink_remaining_count, shrink_since, shrink_confirmed_count, shrink_confirmed_by)
    ON grid_syncs TO :application;
GRANT SELECT, INSERT (grid, grid_number, subject, grid_id, field, reason, message, first_seen_at, last_seen_at), UPDATE (reason, message, last_seen_at), DELETE
    ON grid_flaws TO :application;
GRANT SELECT, INSERT (grid_number, twin_id, account_id), DELETE ON farmer_twins TO :application;
GRANT SELECT,
    INSERT (id, grid, name, twin_id, certification, is_dedicated, public_ip_count, free_public_ip_count, stellar_address, capacity_as_of),
    UPDATE (name, twin_id, certification, is_dedicated, public_ip_count, free_public_ip_count, stellar_address, capacity_as_of)
    ON farms TO :application;
GRANT SELECT,
    INSERT (id, grid, version, farm_id, twin_id, country, country_code, region, city, latitude, longitude, status, certification, is_dedicated, rented_by_twin_id,
            is_rented_on_grid, doubted_since, is_healthy, gpu_count, gpus, features, total_cores, total_memory_bytes, total_ssd_bytes, total_hdd_bytes, used_cores,
            used_memory_bytes, used_ssd_bytes, used_hdd_bytes, upload_mbps, download_mbps, uptime_seconds, uptime_percent, serial_number, grid_created_at, last_report_at,
            capacity_as_of, missed_passes, slice_capacity, sync_sequence),
    UPDATE (version, farm_id, twin_id, country, country_code, region, city, latitude, longitude, status, certification, is_dedicated, rented_by_twin_id,
            is_rented_on_grid, doubted_since, is_healthy, gpu_count, gpus, features, total_cores, total_memory_bytes, total_ssd_bytes, total_hdd_bytes, used_cores,
            used_memory_bytes, used_ssd_bytes, used_hdd_bytes, upload_mbps, download_mbps, uptime_seconds, uptime_percent, serial_number, grid_created_at, last_report_at,
            capacity_as_of, missed_passes, slice_capacity, sync_sequence, farmer_id, is_published, price_per_slice)
    ON nodes TO :application;
GRANT SELECT, INSERT, UPDATE (is_up) ON uptime_samples TO :application; -- keep_samples drops old months.
GRANT SELECT ON slice_combinations TO :application;

-- Rentals: their parties and first term never change; what they earned is added up, and their timeline written, by trigger.
GRANT SELECT,
    INSERT (id, renter_id, node_id, farmer_id, name, multiplier, quantity, slice_total, price_per_hour, hours, months, discount, paid, refunded, fee, penalty_rate, status, starts_at, ends_at,
            activated_at, ssh_public_key, quote_id, auto_renew_max, renews_at, moved_from, kind, node_discount, host_rental_id, version, billing,
            spending_limit),
    UPDATE (name, spending_limit, price_per_hour, paid, refunded, written_off, status, starts_at, ends_at, activated_at, auto_renew_max, renews_at, grace_ends_at, ended_at, end_reason, version)
    ON rentals TO :application;
GRANT SELECT, INSERT (rental_id, number, kind, starts_at, ends_at, price_per_hour, hours, months, discount, paid, quote_id), UPDATE (starts_at, ends_at, refunded, is_returned)
    ON rental_segments TO :application;
GRANT SELECT ON rental_timeline TO :application;
-- Names and their routes: bill_metered and charge_name alone charge for them.
GRANT SELECT,
    INSERT (id, grid, name, account_id, rental_id, price_per_hour, status, created_at, paid_until, route_version, route_next_at),
    UPDATE (rental_id, status, paid_until, grace_ends_at, released_at, release_reason, route_version, route_done, route_tries, route_next_at, route_problem)
    ON reserved_names TO :application;
GRANT SELECT, INSERT (account_id), DELETE ON low_balances TO :application;
GRANT SELECT, INSERT (id, account_id, node_id, multiplier, quantity, slice_total, created_at, expires_at), UPDATE (ended_at, end_reason, rental_id) ON reservations TO :application;
GRANT SELECT, INSERT (node_id, slice_index, rental_id, reservation_id), UPDATE (rental_id, reservation_id), DELETE ON slices TO :application;

-- Machines of rentals. When a rental ends, a trigger makes its machine unwanted.
GRANT SELECT,
    INSERT (rental_id, node_id, slice_total, image, ssh_public_key, version, state, tries, claim, created_at, deadline_at, next_try_at, used_cores, used_memory_bytes,
            used_ssd_bytes, public_ip_count, public_ip_hours, traffic_gib),
    UPDATE (image, ssh_public_key, version, state, reason, tries, claim, next_try_at, deadline_at, ready_at, deployed_at, removed_at, used_cores, used_memory_bytes,
            used_ssd_bytes, public_ip_count, public_ip_hours, traffic_gib, metered_at, access)
    ON machines TO :application;
GRANT SELECT, INSERT, UPDATE (last_seen_at), DELETE ON stray_machines TO :application;
GRANT SELECT, INSERT (grid_number, begun_at), UPDATE (begun_at, completed_at) ON machine_comparisons TO :application;

-- The audit trail grows, and nothing in it changes; when is the table's to say.
GRANT SELECT, INSERT (actor, actor_id, action, subject, subject_id, account_id, before, after) ON audit_entries TO :application;

-- The ledger grows, and nothing in it changes. Wallets are made with their accounts; row_lock is the right to lock them.
GRANT SELECT, UPDATE (row_lock) ON ledger_accounts TO :application;
GRANT SELECT, INSERT (id, kind, rental_id, number) ON ledger_entries TO :application;
GRANT SELECT, INSERT (rental_id, entry_id, earned, fee) ON rental_earnings TO :application;
GRANT SELECT, INSERT (entry_id, account_id, amount) ON ledger_postings TO :application;
GRANT SELECT ON wallet_entries TO :application;

-- Payments: record_payment alone writes what a provider says.
GRANT SELECT ON payments, payment_disputes, payment_events TO :application;
-- Withdrawals: request_withdrawal and advance_withdrawal move them and their money; a replica that works on one puts off the next try.
GRANT SELECT, UPDATE (tries, next_try_at) ON withdrawals TO :application;
GRANT SELECT ON penalties TO :application;

-- A notification changes by being read, and in nothing else; keep_notifications deletes old ones.
GRANT SELECT, INSERT (id, account_id, kind, rental_id, node_id, subject, amount, effective_at, detail, key), UPDATE (read_at) ON notifications TO :application;
GRANT SELECT ON notification_keys TO :application;

-- Events are written, numbered and forgotten by functions alone. A new epoch makes every cursor void.
GRANT SELECT ON events, event_numbers, events_waiting TO :application;
GRANT SELECT, UPDATE (epoch) ON event_counter TO :application;

GRANT EXECUTE ON FUNCTION market_now(), fold_case(text), fold_case_beyond_ascii(text), wallet_balance(uuid), free_slices(bigint, bigint),
    stamp_events(integer), stamp_own_events(integer), forget_old_events(interval, integer), enrol_grid(text), prune_idempotency_keys(interval, integer),
    account_owes(uuid), earnings_account(uuid), debt_account(uuid), post_earnings(timestamptz, integer), settle_earnings(timestamptz, integer),
    prune_reservations(interval, integer), keep_samples(interval, integer), wallet_sequence_at(uuid, timestamptz), committed_of(uuid), keep_notifications(interval, integer, integer),
    reconcile(), withdrawable_of(uuid), pending_of(uuid), request_withdrawal(uuid, uuid, bigint), advance_withdrawal(uuid, text, text),
    debt_of(uuid), pay_debts(integer), unpaid_penalties_of(uuid), impose_penalty(uuid, bigint), pay_penalties(integer), bill_metered(uuid[], integer, integer, interval, bigint, bigint), charge_name(uuid, bigint),
    record_payment(text, text, text, uuid, bigint, bigint, text, bigint, integer) TO :application;
