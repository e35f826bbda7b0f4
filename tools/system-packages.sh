#!/usr/bin/env bash
# Finds what the tests use of the system, and installs what is missing where it may (Debian, Ubuntu and their like, as
# root). Says what it did. On macOS nothing is needed. Exit code 1: something is missing and must be installed by hand.
# The programs that judge us are installed too where that is possible; without one of them its tests are skipped.
# With --window: only what opening the app needs, and a virtual display only where there is none.
set -euo pipefail

say() { printf 'system packages: %s\n' "$*"; }

[ "$(uname -s)" = Linux ] || exit 0

# Commands as command:package, shared libraries that Electron loads as soname:package.
# Source of the libraries: what `ldd` names for Electron's executable on a minimal Debian 12.
commands=(git:git Xvfb:xvfb)
judges=(python3:python3 curl:curl wget:wget aria2c:aria2 git-lfs:git-lfs nginx:nginx-light)
if [ "${1:-}" = --window ]; then
  commands=()
  judges=()
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || commands=(Xvfb:xvfb)
fi
libraries=(
  libgtk-3.so.0:libgtk-3-0 libnss3.so:libnss3 libasound.so.2:libasound2 libgbm.so.1:libgbm1
  libXss.so.1:libxss1 libatk-bridge-2.0.so.0:libatk-bridge2.0-0 libdrm.so.2:libdrm2
)

missing_commands() {
  local entry
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || printf '%s\n' "${entry#*:}"
  done
}

missing_judges() {
  [ "${#judges[@]}" -eq 0 ] && return 0
  missing_commands "${judges[@]}"
  # Debian's python3 has no venv of its own; one from elsewhere may.
  python3 -m ensurepip --version >/dev/null 2>&1 || printf 'python3-venv\n'
}

missing_packages() {
  local entry known
  missing_commands ${commands[@]+"${commands[@]}"}
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

may_install() { command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; }

mapfile -t missing < <(missing_packages)
mapfile -t missing_judges < <(missing_judges)
[ "${#missing[@]}" -eq 0 ] && [ "${#missing_judges[@]}" -eq 0 ] && exit 0
if ! may_install; then
  all="${missing[*]} ${missing_judges[*]}"
  say "please install: $all (Debian, Ubuntu: sudo apt-get install $all)"
  [ "${#missing[@]}" -eq 0 ] && exit 0
  exit 1
fi
say "installing ${missing[*]} ${missing_judges[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || say "the package lists could not be renewed"
for package in "${missing[@]}"; do
  install_one "$package" || { say "could not install $package"; exit 1; }
done
for package in "${missing_judges[@]}"; do
  install_one "$package" || say "could not install $package: the judges that need it are skipped"
done
