#!/usr/bin/env bash
# Makes sure that there is a Chromium for the end-to-end tests: one on the PATH, Debian's package,
# or the one that Playwright downloads. tests/e2e finds it the same way, through browser.sh.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../browser.sh"

[ -n "$(find_browser)" ] && exit 0

step "Installing Chromium for the end-to-end tests" "1 minute"
debian_packages chromium || note "Debian's package could not be installed (log: $CONCH_CACHE/apt.log)"
[ -n "$(find_browser)" ] && exit 0

if [ -x "$ROOT/tests/e2e/node_modules/.bin/playwright" ]; then
  (cd "$ROOT/tests/e2e" && npx playwright install --only-shell chromium) >"$CONCH_CACHE/playwright.log" 2>&1 || true
  [ -n "$(find_browser)" ] && exit 0
fi
die "no Chromium was found; the end-to-end tests drive the page in one" \
  "tried: chromium and google-chrome on the PATH, Debian's package chromium, Playwright's own (log: $CONCH_CACHE/playwright.log)" \
  "what you can do: install Chromium or Chrome, or set CONCH_CHROMIUM to the program's path, then run this again"
