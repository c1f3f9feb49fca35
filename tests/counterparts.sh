#!/usr/bin/env bash
# Installs the programs of others that tests run against: a browser, Redis, an HTTP proxy. Debian packages, where this user may
# install them; elsewhere it says what is missing, and the tests that need it skip and say so.
set -euo pipefail

wanted=(chromium redis-server tinyproxy)
missing=()
for program in "${wanted[@]}"; do
  command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || [ -x "/usr/bin/$program" ] || missing+=("$program")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  if apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
    exit 0
  fi
fi
echo "not installed: ${missing[*]}; the tests that need them will be skipped (on Debian: apt-get install ${missing[*]})"
