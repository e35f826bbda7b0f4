#!/usr/bin/env bash
# Finds what the tests use of the system, and installs what is missing where it may (Debian, Ubuntu and their like, as
# root). Says what it did. On macOS nothing is needed. Exit code 1: something is missing and must be installed by hand.
set -euo pipefail

say() { printf 'system packages: %s\n' "$*"; }

[ "$(uname -s)" = Linux ] || exit 0

# Commands as command:package, shared libraries that Electron loads as soname:package.
# Source of the libraries: what `ldd` names for Electron's executable on a minimal Debian 12.
commands=(git:git Xvfb:xvfb)
libraries=(
  libgtk-3.so.0:libgtk-3-0 libnss3.so:libnss3 libasound.so.2:libasound2 libgbm.so.1:libgbm1
  libXss.so.1:libxss1 libatk-bridge-2.0.so.0:libatk-bridge2.0-0 libdrm.so.2:libdrm2
)

missing_packages() {
  local entry known
  for entry in "${commands[@]}"; do
    command -v "${entry%%:*}" >/dev/null || printf '%s\n' "${entry#*:}"
  done
  known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
  for entry in "${libraries[@]}"; do
    grep -qF "${entry%%:*}" <<<"$known" || printf '%s\n' "${entry#*:}"
  done
}

# Newer Debian and Ubuntu releases call some libraries NAMEt64.
install_one() {
  apt-get install -y -qq --no-install-recommends "$1" >/dev/null 2>&1 ||
    apt-get install -y -qq --no-install-recommends "${1}t64" >/dev/null
}

mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
  say "please install: ${missing[*]} (on Debian: apt-get install ${missing[*]})"
  exit 1
fi
say "installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
for package in "${missing[@]}"; do
  install_one "$package" || { say "could not install $package"; exit 1; }
done
