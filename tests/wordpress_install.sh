#!/usr/bin/env bash
# Installs, where they are missing, the Debian packages that tests/wordpress_site.py runs: needs root or sudo.
# No service is started or enabled: the tests start a database and a web server of their own.
set -euo pipefail
. "$(dirname "$0")/debian_packages.sh"

httpd_is_new=$(missing_packages micro-httpd)
# A web server of the smallest kind, and PHP as CGI named first, keep Apache away: WordPress depends on both kinds.
install_packages \
    wordpress wordpress-theme-twentytwentyone wordpress-theme-twentytwentythree \
    micro-httpd php-cgi php php-cli php-mysql php-mbstring php-xml mariadb-server-core
if [ -n "$httpd_is_new" ]; then
    "${as_root[@]}" rm -f /etc/systemd/system/sockets.target.wants/micro-httpd.socket
fi
