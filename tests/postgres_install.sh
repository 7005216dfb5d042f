#!/usr/bin/env bash
# Installs, where it is missing, the Debian package that tests/postgres_server.py runs: needs root or sudo.
# No database is made and no service started or enabled: the tests start a server of their own.
set -euo pipefail
. "$(dirname "$0")/debian_packages.sh"

server_is_new=$(missing_packages postgresql)
if [ -n "$server_is_new" ]; then
    settings=/etc/postgresql-common/createcluster.conf # read when the package is set up
    if [ ! -e "$settings" ]; then
        "${as_root[@]}" mkdir -p "$(dirname "$settings")"
        echo 'create_main_cluster = false' | "${as_root[@]}" tee "$settings" >/dev/null
    fi
fi
install_packages postgresql
if [ -n "$server_is_new" ]; then
    "${as_root[@]}" rm -f /etc/systemd/system/multi-user.target.wants/postgresql.service
fi
