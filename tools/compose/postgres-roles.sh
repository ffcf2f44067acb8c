#!/usr/bin/env bash
# Creates the roles that Mycelium works with, and its database, as the superuser POSTGRES_USER: mycelium owns the database and migrates it, mycelium_app serves and owns nothing. Run once by
# the image of PostgreSQL on an empty data folder (docker-compose.yml), and by ./run. It may be run again: passwords are set again.
set -euo pipefail
: "${MYCELIUM_OWNER_PASSWORD:?set a password}" "${MYCELIUM_APP_PASSWORD:?set a password}"

# psql takes the passwords from its environment, so that they are not in the process list, and are not interpreted as SQL.
psql -qX -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password MYCELIUM_OWNER_PASSWORD
\getenv app_password MYCELIUM_APP_PASSWORD
SET password_encryption = 'scram-sha-256';
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['mycelium', 'mycelium_app']) AS name WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE mycelium PASSWORD :'owner_password';
ALTER ROLE mycelium_app PASSWORD :'app_password';
SELECT 'CREATE DATABASE mycelium OWNER mycelium' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'mycelium') \gexec
SQL
