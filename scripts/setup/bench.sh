#!/usr/bin/env bash
# The peers of `make bench`; prints the interpreter of the environment that holds those in Python.
# What cannot be had here is said, and its comparisons are left out: nothing but Python is a must.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/pip.sh"

BENCH=$ROOT/tests/bench

# nginx, the reverse proxy. The package starts a service where there is an init system; a policy of
# "do not" keeps it from that, and from port 80.
reverse_proxy() {
  have nginx || [ -x /usr/sbin/nginx ] && return 0
  step "nginx" "10 seconds"
  if as_root test -e /usr/sbin/policy-rc.d; then
    debian_packages nginx-light
  else
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod +x /usr/sbin/policy-rc.d
    debian_packages nginx-light || { as_root rm -f /usr/sbin/policy-rc.d && return 1; }
    as_root rm -f /usr/sbin/policy-rc.d
  fi
}
reverse_proxy || note "no nginx (Debian: apt install nginx-light); what is compared with it is left out"

# onnxruntime-web, the model in the page, as tests/bench/package-lock.json names it.
onnxruntime_web() {
  local folder
  folder=$CONCH_CACHE/bench-$(sha256 "$BENCH/package-lock.json" | cut -c 1-16)
  if [ ! -f "$folder/complete" ]; then
    have npm || return 1
    step "onnxruntime-web" "10 seconds, 90 MB"
    mkdir -p "$folder"
    cp "$BENCH/package.json" "$BENCH/package-lock.json" "$folder/"
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) >"$CONCH_CACHE/npm.log" 2>&1 || return 1
    touch "$folder/complete"
  fi
  [ ! -d "$BENCH/node_modules" ] || [ -L "$BENCH/node_modules" ] || rm -rf "$BENCH/node_modules"
  ln -sfn "$folder/node_modules" "$BENCH/node_modules"
}
onnxruntime_web || note "no onnxruntime-web (log: $CONCH_CACHE/npm.log); what is compared with it is left out"

# Playwright and Chromium drive the pages.
"$ROOT/scripts/setup/e2e.sh" || note "no Playwright; the groups page and end-to-end are left out"
"$ROOT/scripts/setup/chromium.sh" || note "no Chromium; the groups page and end-to-end are left out"

pinned_python "$ROOT/scripts/setup/bench-requirements.txt" \
  "numpy, PIL, onnxruntime, fastapi, uvicorn, tritonclient.http" "the peers'" \
  "Python packages of the benchmarks' peers" "1 minute"
