# Installs, where they are missing, Debian packages that tests run servers of: `install_packages NAME…`. To be
# sourced by bash; needs root or sudo. No service is started: the tests start servers of their own.

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)

# Prints the packages that are not installed.
missing_packages() {
    local package state
    for package in "$@"; do
        state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || echo "$package"
    done
}

install_packages() {
    local missing apt
    local policy=/usr/sbin/policy-rc.d # where there is one, it decides which services packages may start
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ ! -e "$policy" ]; then
        trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
}
