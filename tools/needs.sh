# shellcheck shell=bash
# What ./run and ./test need in addition to the .NET SDK, and how to install it. This file is sourced, never run.

say() { printf '%s\n' "$*" >&2; }

# need COMMAND-OR-PATH PACKAGE…: succeeds if the command exists; otherwise installs the packages (as root on Debian and Ubuntu) or prints what to type.
need() {
  local command=$1; shift
  found "$command" && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing $* …"
    if ! apt_install "$@"; then
      say "Could not install $*: see the messages above."
      return 1
    fi
    found "$command" && return 0
  fi
  say "Missing: $command. On Debian or Ubuntu: sudo apt-get install $*"
  return 1
}

found() {
  command -v "$1" >/dev/null || { [ "$1" = postgres ] && [ -n "$(postgres_bin)" ]; } ||
    { [ "$1" = sshd ] && [ -x /usr/sbin/sshd ]; } # Debian keeps it off the PATH of users.
}

# The folder of PostgreSQL's programs: Debian keeps them off PATH, in one folder per version.
postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort -V | tail -n 1)
  if [ -x "$newest/bin/initdb" ]; then printf '%s\n' "$newest/bin"
  elif command -v initdb >/dev/null; then dirname "$(command -v initdb)"
  fi
}

apt_install() {
  # Without Debian's own cluster: we start private servers, and a system-wide one would occupy their ports.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >&2
}

# free_port DEFAULT: the default, or the next free port above it.
free_port() {
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  printf '%s\n' "$port"
}

# Runs a command as a user that PostgreSQL accepts: it refuses root.
as_postgres=()
if [ "$(id -u)" = 0 ]; then as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups); fi
