#!/usr/bin/env bash
# Draws the app's icons anew: the PNGs beside frontend/assets/icons/conch.svg, from that mark, on the
# page's paper.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/browser.sh"
cd "$ROOT/frontend/assets/icons"

BROWSER=$(find_browser)
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
PAPER=$(sed -n 's/.*--paper: light-dark(\(#[0-9a-f]*\),.*/\1/p' "$ROOT/frontend/styles/tokens.css")

# draw NAME SIDE MARK RADIUS: a tile of so many pixels; the mark's side and the corners' radius are
# percentages of it.
draw() {
  {
    printf '<!doctype html><style>html{color-scheme:light}body{margin:0}'
    printf 'div{display:grid;place-items:center;width:100vw;height:100vh;'
    printf 'background:%s;border-radius:%s%%}svg{width:%s%%}</style><div>' "$PAPER" "$4" "$3"
    cat conch.svg
  } >"$FOLDER/icon.html"
  "$BROWSER" --headless --no-sandbox --disable-gpu --hide-scrollbars \
    --default-background-color=00000000 --user-data-dir="$FOLDER/profile" \
    --window-size="$2,$2" --screenshot="$PWD/$1" "file://$FOLDER/icon.html" >/dev/null 2>&1
  note "$1: $(wc -c <"$1" | tr -d ' ') bytes"
}

draw conch-192.png 192 72 22
draw conch-512.png 512 72 22
# Systems cut these to their own shape; what must be seen lies within the middle 80 %.
draw conch-maskable-512.png 512 54 0
draw apple-touch-icon.png 180 66 0
