# Which browser the tests drive. Source it, after lib.sh.
# shellcheck shell=bash

# Playwright's own browsers go to the cache, like everything else.
export PLAYWRIGHT_BROWSERS_PATH=${PLAYWRIGHT_BROWSERS_PATH:-$CONCH_CACHE/playwright}

# find_browser: prints the path of a Chromium, or nothing.
find_browser() {
  local name
  if [ -n "${CONCH_CHROMIUM:-}" ]; then
    echo "$CONCH_CHROMIUM"
    return
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    # It runs, not only exists: on Ubuntu the name may be a stub that asks for a snap.
    "$name" --version >/dev/null 2>&1 && command -v "$name" && return
  done
  compgen -G "$PLAYWRIGHT_BROWSERS_PATH/chromium*/*/*headless*shell" | head -n 1 || true
}
