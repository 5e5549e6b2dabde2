#!/usr/bin/env bash
# Puts the end-to-end tests' npm packages in place (Playwright, axe), as tests/e2e/package-lock.json
# names them, into the cache; tests/e2e/node_modules is a link to them.
. "$(dirname "$0")/../lib.sh"

E2E=$ROOT/tests/e2e
DIR=$CONCH_CACHE/e2e-$(sha256 "$E2E/package-lock.json" | cut -c 1-16)

link() {
  [ ! -d "$E2E/node_modules" ] || [ -L "$E2E/node_modules" ] || rm -rf "$E2E/node_modules"
  ln -sfn "$DIR/node_modules" "$E2E/node_modules"
}

if [ -f "$DIR/complete" ]; then
  link
  exit 0
fi
have npm || die "Node.js with npm is not here; the end-to-end tests run on it" \
  "what you can do: install Node.js 20 or newer (on Debian: apt-get install nodejs npm)"
step "Fetching the end-to-end tests' npm packages" "10 seconds"
mkdir -p "$DIR"
cp "$E2E/package.json" "$E2E/package-lock.json" "$DIR/"
# The browser comes from chromium.sh.
(cd "$DIR" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund) >"$CONCH_CACHE/npm.log" 2>&1 ||
  die "the end-to-end tests' npm packages could not be had" "tried: npm ci (log: $CONCH_CACHE/npm.log)" \
    "what you can do: see that npm reaches its registry, then run this again"
touch "$DIR/complete"
link
