#!/usr/bin/env bash
# Installs, where they are missing, the Debian packages that tests/wordpress_site.py runs: needs root or sudo.
# No service is started or enabled: the tests start a database and a web server of their own.
set -euo pipefail

# A web server of the smallest kind, and PHP as CGI named first, keep Apache away: WordPress depends on both kinds.
packages=(
    wordpress wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree
    micro-httpd php-cgi php php-cli php-mysql php-mbstring php-xml mariadb-server-core
)
missing=()
for package in "${packages[@]}"; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
policy=/usr/sbin/policy-rc.d # where there is one, it decides which services packages may start
if [ ! -e "$policy" ]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
"${apt[@]}" update
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
if [[ " ${missing[*]} " == *" micro-httpd "* ]]; then
    "${as_root[@]}" rm -f /etc/systemd/system/sockets.target.wants/micro-httpd.socket
fi
