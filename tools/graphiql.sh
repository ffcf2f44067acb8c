#!/usr/bin/env bash
# Builds GraphiQL from npm's packages into web/graphiql/dist, unless it was already built from the same files. If something is missing, it says what, and exits with 1.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web/graphiql"
command -v npm >/dev/null || { echo "GraphiQL is not built: npm is missing." >&2; exit 1; }

sources=$(cat package-lock.json index.html ./*.ts ./*.tsx ./*.css | cksum)
[ "$(cat dist/.built-from 2>/dev/null)" != "$sources" ] || exit 0
[ "$(cat node_modules/.built-from 2>/dev/null)" = "$(cksum <package-lock.json)" ] || { npm ci --silent && cksum <package-lock.json >node_modules/.built-from; }
npm run build --silent
printf '%s\n' "$sources" >dist/.built-from
