#!/usr/bin/env bash
# Installs, where it is missing, the Debian package of the browser that tests open reports in: needs root or sudo.
set -euo pipefail
. "$(dirname "$0")/debian_packages.sh"

install_packages chromium fonts-dejavu-core # the same letters on every machine
