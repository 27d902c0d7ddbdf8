#!/bin/sh
# Plays the entrypoint of the mysql image: the init scripts count only while the data folder is empty.
set -eu
say() { echo "[stand-in, not MySQL] $*" >&2; }

# The real one gives its data folder to the user that it runs as.
[ "${1:-}" = mysqld ] && chown 999:999 /var/lib/mysql
if [ "${1:-}" = mysqld ] && [ -z "$(ls -A /var/lib/mysql 2>/dev/null)" ]; then
    if [ -z "${MYSQL_ROOT_PASSWORD:-}${MYSQL_ALLOW_EMPTY_PASSWORD:-}${MYSQL_RANDOM_ROOT_PASSWORD:-}" ]; then
        say "database is uninitialized and no password option is specified"
        exit 1
    fi
    mkdir -p /var/lib/mysql/mysql
    for script in /docker-entrypoint-initdb.d/*.sql; do
        [ -e "$script" ] || continue
        say "running $script"
        cat "$script" >>/var/lib/mysql/initialised.sql
    done
    : >>/var/lib/mysql/initialised.sql
fi
exec "$@"
