#!/usr/bin/env bash
# Installs, where they are missing, the Debian packages that tests/fleet/machines.py runs: needs root or sudo.
set -euo pipefail
. "$(dirname "$0")/debian_packages.sh"

install_packages iproute2 util-linux
