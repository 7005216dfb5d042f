#!/usr/bin/env bash
# Installs, where it is missing, the Debian package that datatrove's own WARC reader needs: needs root or sudo.
set -euo pipefail
. "$(dirname "$0")/debian_packages.sh"

install_packages libmagic1
